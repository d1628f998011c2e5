import {
  canJudge,
  decodeWord,
  encodeWord,
  isNear,
  isOver,
  medianWord,
  type Tolerances,
  termsId,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { type Hex, hexToBytes } from "viem";
import { hash, modelTerms, RUNS, tolerances } from "./support/arbitraries.ts";
import { type Harness, startHarness } from "./support/harness.ts";

/** Words that lie close together, so that tolerances divide them, and words of any lanes. */
const closeLane = fc.integer({ min: -3, max: 3 });
const closeWord = fc.array(closeLane, { minLength: 12, maxLength: 12 }).chain((probes) =>
  fc.record({ margin: closeLane, distance: closeLane }).map((lanes) => {
    return encodeWord({ tokens: 9, mismatches: 0, ...lanes, probes });
  }),
);
const word: fc.Arbitrary<Hex> = fc.oneof(hash, closeWord);

const closeTolerances: fc.Arbitrary<Tolerances> = fc.record({
  marginTolerance: fc.nat(3),
  marginThreshold: fc.nat(3),
  traceTolerance: fc.nat(3),
  traceThreshold: fc.nat(3),
  probeTolerance: fc.nat(100),
});

/** Around the bounds of what a panel can judge by. */
const edge = fc.constantFrom(0, 1, 32_766, 32_767, 65_535);
const edgeTolerances: fc.Arbitrary<Tolerances> = fc.record({
  marginTolerance: edge,
  marginThreshold: edge,
  traceTolerance: edge,
  traceThreshold: edge,
  probeTolerance: fc.nat(1),
});

describe("parity: words and model ids", () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>) =>
    fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: RUNS });

  it("reads every lane as WordLib does, and writes it back", () =>
    check(word, async (bytes) => {
      const { tokens, mismatches, margin, distance, probes } = decodeWord(bytes);
      const lanes = [tokens, mismatches, margin, distance, ...probes];
      expect(lanes).to.have.length(hexToBytes(bytes).length / 2);
      for (const index of [0, 1, 2, 3, 4, 15]) {
        expect(BigInt(lanes[index]!)).to.equal(await harness.solidity("lane", bytes, BigInt(index)));
      }
      expect(encodeWord(decodeWord(bytes))).to.equal(bytes);
    }));

  it("finds the median that WordLib finds, of even numbers too", () =>
    check(fc.array(word, { minLength: 1, maxLength: 12 }), async (words) => {
      const expected = await harness.solidity("medianWord", words);
      expect(encodeWord(medianWord(words.map(decodeWord)))).to.equal(expected);
    }));

  it("agrees with WordLib on which words are near", async () => {
    const seen = new Set<boolean>();
    await check(fc.tuple(closeWord, closeWord, closeTolerances), async ([one, center, by]) => {
      const near = isNear(decodeWord(one), decodeWord(center), by);
      seen.add(near);
      expect(near).to.equal(await harness.solidity("isNear", one, center, by));
    });
    expect([...seen]).to.have.members([true, false]);
    await check(fc.tuple(word, word, tolerances), async ([one, center, by]) => {
      const near = isNear(decodeWord(one), decodeWord(center), by);
      expect(near).to.equal(await harness.solidity("isNear", one, center, by));
    });
  });

  it("agrees with WordLib on which words speak against the provider", async () => {
    const seen = new Set<boolean>();
    await check(fc.tuple(word, fc.oneof(tolerances, closeTolerances)), async ([one, by]) => {
      const over = isOver(decodeWord(one), by);
      seen.add(over);
      expect(over).to.equal(await harness.solidity("isOver", one, by));
    });
    expect([...seen]).to.have.members([true, false]);
  });

  it("names every model as ModelLib does", () =>
    check(modelTerms, async (terms) => {
      expect(termsId(terms)).to.equal(await harness.solidity("modelId", terms));
    }));

  it("opens panels by the tolerances by which ModelLib does", async () => {
    const seen = new Set<boolean>();
    await check(fc.oneof(tolerances, closeTolerances, edgeTolerances), async (by) => {
      seen.add(canJudge(by));
      expect(canJudge(by)).to.equal(await harness.solidity("areSound", by));
    });
    expect([...seen]).to.have.members([true, false]);
  });
});
