import { EMPTY_WORD, encodeWord, MARGIN_SCALE, Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { CASE_STEPS, measureOf } from "./case-words.ts";
import { verdictWords } from "./verdict.ts";

const TOLERANCES = {
  marginTolerance: 100,
  marginThreshold: 1_000,
  traceTolerance: 100,
  traceThreshold: 2_000,
  probeTolerance: 5,
};

describe("what pages say of a case", () => {
  const word = (margin: number, distance: number) =>
    encodeWord({ ...EMPTY_WORD, tokens: 64, mismatches: 3, margin, distance });

  it("reads a seat's word in plain units", () => {
    const { tokens, mismatches, margin, distance } = measureOf(word(512, 4096), TOLERANCES);
    expect([tokens, mismatches, margin, distance]).to.deep.equal([64, 3, 512 / MARGIN_SCALE, 1]);
  });

  it("says which words lie over a threshold, and that those on it do not", () => {
    expect(measureOf(word(1_000, 2_000), TOLERANCES).isOver).to.equal(false);
    expect(measureOf(word(1_001, 0), TOLERANCES).isOver).to.equal(true);
    expect(measureOf(word(0, 2_001), TOLERANCES).isOver).to.equal(true);
  });

  it("has words for every verdict and for open cases", () => {
    const names = Object.values(Verdict).map((verdict) => verdictWords(verdict, false).name);
    expect(new Set(names).size).to.equal(Object.keys(Verdict).length);
    expect(verdictWords(Verdict.None, true).name).to.equal("Open");
  });

  it("has words for every step of a case", async () => {
    const { CASE_EVENTS } = await import("@touchstone/sdk/protocol");
    expect(Object.keys(CASE_STEPS)).to.have.members([...CASE_EVENTS]);
  });
});
