import path from "node:path";
import { expect } from "chai";
import { node } from "./support/npm.ts";

const ROOT = path.join(import.meta.dirname, "../..");

describe("SDK: documentation", function () {
  this.timeout(120_000);

  it("renders without a warning, and leaves no function, class or error undocumented", async () => {
    const required = ["Function", "Class", "Interface"].flatMap((kind) => ["--requiredToBeDocumented", kind]);
    const options = ["--emit", "none", "--readme", "none", "--disableGit", "--sourceLinkTemplate", "x/{path}"];
    const entry = ["--entryPoints", "client-sdk/src/index.ts", "--tsconfig", "client-sdk/tsconfig.json"];
    const typedoc = path.join(ROOT, "node_modules/typedoc/bin/typedoc");
    const checks = ["--treatWarningsAsErrors", "--validation.notDocumented", "--logLevel", "Warn"];
    const run = node(ROOT, typedoc, ...entry, ...options, ...checks, ...required);
    const said = await run.catch((error: { stdout: string; stderr: string }) => error.stdout + error.stderr);
    expect(said).to.equal("");
  });
});
