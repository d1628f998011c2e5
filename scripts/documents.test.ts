import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ROOT } from "./lib/paths.ts";

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

describe("the documents", () => {
  it("name only tests that there are", () => {
    const named = [...read("docs/threats.md").matchAll(/`([\w./-]+\.(?:test\.ts|t\.sol))`/g)].map(([, file]) => file);
    expect(named).to.have.length.above(20);
    for (const file of named) {
      expect(() => read(file), file).to.not.throw();
    }
  });
});

describe("the readme", () => {
  for (const example of ["examples/buyer.ts", "examples/chat.ts"]) {
    it(`shows ${example} as it is run`, () => {
      const [, ...lines] = read(example).trim().split("\n");
      expect(read("README.md")).to.include(lines.join("\n"));
    });
  }

  it("names only scripts that there are", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const calls = read("README.md").matchAll(/npm (?:run (?:-s )?([a-z:]+)|(test|start)\b)/g);
    const named = [...calls].map(([, long, short]) => long ?? short);
    expect(named).to.include.members(["demo", "test", "start"]);
    expect(Object.keys(scripts)).to.include.members(named);
  });

  it("names only files that there are", () => {
    const links = [...read("README.md").matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link);
    expect(links).to.have.length.above(3);
    for (const link of links) {
      expect(() => read(link), link).to.not.throw();
    }
  });
});
