import { expect } from "chai";
import { InvalidDataError } from "../errors.ts";
import type { Tolerances } from "./tolerances.ts";
import {
  decodeWord,
  EMPTY_WORD,
  encodeWord,
  FAULT_WORD,
  isNear,
  isOver,
  medianWord,
  type Word,
  wordOfMeasures,
} from "./word.ts";

const WORD: Word = {
  tokens: 512,
  mismatches: 3,
  margin: 210,
  distance: 41,
  probes: [1, -1, 256, -256, 0, 5, 6, 7, 8, 9, 10, -32_768],
};
const TOLERANCES: Tolerances = {
  marginTolerance: 10,
  marginThreshold: 200,
  traceTolerance: 5,
  traceThreshold: 50,
  probeTolerance: 12,
};

describe("words", () => {
  it("are sixteen lanes of two bytes, big-endian", () => {
    const hex = "0x0200000300d200290001ffff0100ff00000000050006000700080009000a8000";
    expect(encodeWord(WORD)).to.equal(hex);
    expect(decodeWord(encodeWord(WORD))).to.deep.equal(WORD);
    expect(encodeWord(EMPTY_WORD)).to.equal(`0x${"00".repeat(32)}`);
    expect(encodeWord(FAULT_WORD)).to.equal(`0x00000000${"7fff".repeat(2)}${"00".repeat(24)}`);
  });

  it("hold measures in their scales, rounded half away from zero, saturating", () => {
    const probes = [8, -8, 1 / 64, -1 / 64, 1e6, -1e6, 0, 0, 0, 0, 0, -0];
    const word = wordOfMeasures({ tokens: 40_000, mismatches: 2, margin: 2 ** -20, distance: 0.01, probes });
    expect(word).to.deep.equal({
      tokens: 32_767,
      mismatches: 2,
      margin: 1,
      distance: 41,
      probes: [256, -256, 1, -1, 32_767, -32_768, 0, 0, 0, 0, 0, 0],
    });
    const far = wordOfMeasures({ tokens: 1, mismatches: 1, margin: 1, distance: 8, probes });
    expect([far.margin, far.distance]).to.deep.equal([32_767, 32_767]);
  });

  it("refuse what does not fit their lanes", () => {
    expect(() => encodeWord({ ...WORD, tokens: 32_768 })).to.throw(InvalidDataError);
    expect(() => encodeWord({ ...WORD, margin: 0.5 })).to.throw(InvalidDataError);
    expect(() => encodeWord({ ...WORD, probes: [] })).to.throw(InvalidDataError);
    expect(() => decodeWord("0x00")).to.throw(InvalidDataError);
  });

  it("have a median of their own in each lane, the lower one of two", () => {
    const words = [WORD, { ...WORD, margin: 900, mismatches: 1 }, { ...WORD, margin: 0, mismatches: 9 }];
    expect(medianWord(words)).to.deep.equal(WORD);
    expect(medianWord([WORD, { ...WORD, margin: 900, distance: 1 }])).to.deep.equal({ ...WORD, distance: 1 });
    expect(medianWord([FAULT_WORD])).to.deep.equal(FAULT_WORD);
    expect(() => medianWord([])).to.throw(InvalidDataError);
  });

  it("are near each other within the tolerances, the bound included, whatever the mismatches", () => {
    const probes = WORD.probes.map((probe) => Math.min(probe + 1, 32_767)); // twelve squares of one
    const near = { ...WORD, mismatches: 30, margin: 220, distance: 36, probes };
    expect(isNear(near, WORD, TOLERANCES)).to.equal(true);
    for (const change of [
      { tokens: 511 },
      { margin: 221 },
      { distance: 35 },
      { probes: [...probes.slice(0, 11), 0] },
    ]) {
      expect(isNear({ ...near, ...change }, WORD, TOLERANCES), JSON.stringify(change)).to.equal(false);
    }
  });

  it("speak against the provider above either threshold, not at it", () => {
    expect(isOver({ ...WORD, margin: 200, distance: 50 }, TOLERANCES)).to.equal(false);
    expect(isOver({ ...WORD, margin: 201, distance: 0 }, TOLERANCES)).to.equal(true);
    expect(isOver({ ...WORD, margin: 0, distance: 51 }, TOLERANCES)).to.equal(true);
    expect(isOver(FAULT_WORD, TOLERANCES)).to.equal(true);
    expect(isOver(EMPTY_WORD, TOLERANCES)).to.equal(false);
  });
});
