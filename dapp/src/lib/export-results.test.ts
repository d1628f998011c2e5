import { expect } from "chai";
import Papa from "papaparse";
import { resultsToCsv, resultsToJsonl } from "./export-results.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
const ROW = { index: 0, prompt: 'a "b",\nc', answer: "=1+1", error: undefined, outputHash: HASH, traceRoot: HASH };
const FAILED = { ...ROW, index: 1, prompt: undefined, answer: undefined, error: "no (CODE)" };

describe("saving results", () => {
  it("writes JSON Lines that read back, without what is not there", () => {
    const lines = resultsToJsonl([ROW, FAILED]).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).to.deep.equal([
      { index: 0, prompt: ROW.prompt, answer: "=1+1", outputHash: HASH, traceRoot: HASH },
      { index: 1, error: "no (CODE)", outputHash: HASH, traceRoot: HASH },
    ]);
  });

  it("writes CSV that reads back, and in which no answer is a formula", () => {
    const { data } = Papa.parse<string[]>(resultsToCsv([ROW, FAILED]));
    expect(data).to.deep.equal([
      ["index", "prompt", "answer", "error", "outputHash", "traceRoot"],
      ["0", ROW.prompt, "'=1+1", "", HASH, HASH],
      ["1", "", "", "no (CODE)", HASH, HASH],
    ]);
  });
});
