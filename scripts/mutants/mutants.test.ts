import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ROOT } from "../lib/paths.ts";
import { MUTANTS } from "./mutants.ts";

describe("the mutants", () => {
  it("each change a line that stands once in its contract, and change it", () => {
    for (const { file, from, to } of MUTANTS) {
      const places = readFileSync(path.join(ROOT, file), "utf8").split(from).length - 1;
      expect({ file, from, places }).to.deep.equal({ file, from, places: 1 });
      expect(to).to.not.equal(from);
    }
  });
});
