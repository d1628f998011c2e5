import type { IndexedStep } from "@touchstone/sdk";
import { CASE_EVENTS, DRAW_KEY, EMPTY_WORD, encodeWord, MARGIN_SCALE, Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { causeOf, countSentence, groupSteps, measureOf, stepSentence } from "./case-words.ts";
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

  it("counts the seats that found something, and says nothing where none has spoken", () => {
    const [honest, cheat] = [measureOf(word(0, 0), TOLERANCES), measureOf(word(1_001, 0), TOLERANCES)];
    expect(countSentence([honest, cheat, cheat])).to.match(/^2 of the 3 /);
    expect(countSentence([honest])).to.match(/^None of the 1 /);
    expect(countSentence([])).to.equal(undefined);
  });

  it("tells the draw, a challenge from an item on, and a receipt apart", () => {
    expect(causeOf({ key: DRAW_KEY, isReceipt: false })).to.include("draw");
    expect(causeOf({ key: 4n, isReceipt: false })).to.include("from item 5 on");
    expect(causeOf({ key: 0n, isReceipt: true })).to.include("live call");
  });

  it("has words for every verdict and for open cases", () => {
    for (const field of ["name", "headline", "meaning"] as const) {
      const words = Object.values(Verdict).map((verdict) => verdictWords(verdict, false)[field]);
      expect(new Set(words).size).to.equal(Object.keys(Verdict).length);
    }
    expect(verdictWords(Verdict.None, true).name).to.equal("Open");
  });

  it("has words for every step of a case", () => {
    for (const kind of CASE_EVENTS) {
      expect(stepSentence(kind, 1)).to.not.equal(kind);
    }
  });

  it("puts together what seats did one after the other, and nothing else", () => {
    const step = (kind: IndexedStep["kind"], logIndex: number): IndexedStep => {
      return { kind, logIndex, block: 1n, timestamp: 1, transaction: "0x01" };
    };
    const kinds = ["CaseOpened", "WordCommitted", "WordCommitted", "WordRevealed", "WordCommitted"] as const;
    const groups = groupSteps(kinds.map(step));
    expect(groups.map((group) => [group[0].kind, group.length])).to.deep.equal([
      ["CaseOpened", 1],
      ["WordCommitted", 2],
      ["WordRevealed", 1],
      ["WordCommitted", 1],
    ]);
    expect(stepSentence("WordCommitted", 2)).to.match(/^2 seats /);
  });
});
