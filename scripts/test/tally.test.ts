import { expect } from "chai";
import { failuresIn, tallyOf } from "./tally.ts";

describe("the tally of a runner", () => {
  it("reads mocha's sums, colours and all", () => {
    const output =
      "\u001b[32m  12 passing\u001b[0m (3s)\n\u001b[31m  2 failing\u001b[0m\n\n  1) a story of 9 failing foxes\n";
    expect(tallyOf({ code: 2, output })).to.deep.equal({ passed: 12, failed: 2 });
  });

  it("reads our own last line", () => {
    const output = "failed  types\n3 passed, 0 failed\n9 passed, 1 failed\n";
    expect(tallyOf({ code: 1, output })).to.deep.equal({ passed: 9, failed: 1 });
  });

  it("counts a crash after the sums as a failure", () => {
    expect(tallyOf({ code: 134, output: "  5 passing (1s)\n" })).to.deep.equal({ passed: 5, failed: 1 });
  });

  it("counts a crash before the sums as a failure", () => {
    expect(tallyOf({ code: 1, output: "SyntaxError: ..." })).to.deep.equal({ passed: 0, failed: 1 });
  });

  it("counts a runner that ran nothing as a failure", () => {
    expect(tallyOf({ code: 0, output: "  0 passing (0s)\n" })).to.deep.equal({ passed: 0, failed: 1 });
  });

  it("finds what mocha told of its failures, and else the end of what was said", () => {
    const output =
      "  ✔ one (3 failing foxes)\n\n  1 passing\n\u001b[31m  1 failing\u001b[0m\n\n  1) two\n     AssertionError\n";
    expect(failuresIn(output)).to.equal("  1 failing\n\n  1) two\n     AssertionError");
    const long = Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n");
    expect(failuresIn(long).split("\n").at(0)).to.equal("line 40");
  });
});
