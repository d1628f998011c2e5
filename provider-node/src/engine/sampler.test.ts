import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import { createSampler, gumbel, rank, seedWords } from "./sampler.ts";

const SEED = keccak256(stringToHex("a seed"));
const LOGITS = new Map([
  [7, 2],
  [3, 1],
  [900, 0],
  [12, -1],
]);
const RANKED = rank(LOGITS);
const DRAWS = 20_000;

function frequencies(rule: { temperature: number; topP: number }): Map<number, number> {
  const sample = createSampler({ seed: SEED, ...rule });
  const counts = new Map<number, number>();
  for (let position = 0; position < DRAWS; position++) {
    const id = sample(position, RANKED);
    counts.set(id, (counts.get(id) ?? 0) + 1 / DRAWS);
  }
  return counts;
}

function softmax(temperature: number, ids: readonly number[]): Map<number, number> {
  const weights = ids.map((id) => Math.exp((LOGITS.get(id) ?? 0) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return new Map(ids.map((id, index) => [id, (weights[index] ?? 0) / total]));
}

function expectClose(actual: Map<number, number>, expected: Map<number, number>): void {
  expect([...actual.keys()]).to.have.members([...expected.keys()]);
  for (const [id, share] of expected) {
    expect(actual.get(id)).to.be.closeTo(share, 0.015); // four standard deviations
  }
}

describe("the sampler", () => {
  it("takes the likeliest token at temperature 0, the lower id of equals", () => {
    const sample = createSampler({ seed: SEED, temperature: 0, topP: 1 });
    expect(sample(0, RANKED)).to.equal(7);
    const equals = new Map([
      [8, 1],
      [5, 1],
    ]);
    expect(sample(1, rank(equals))).to.equal(5);
  });

  it("draws from the softmax of the logits at a temperature", () => {
    expectClose(frequencies({ temperature: 1, topP: 1 }), softmax(1, [7, 3, 900, 12]));
    expectClose(frequencies({ temperature: 0.5, topP: 1 }), softmax(0.5, [7, 3, 900, 12]));
  });

  it("leaves out what lies beyond top_p, but never everything", () => {
    expectClose(frequencies({ temperature: 1, topP: 0.8 }), softmax(1, [7, 3]));
    expectClose(frequencies({ temperature: 1, topP: 0 }), new Map([[7, 1]]));
  });

  it("chooses the same whatever the order in which the logits come", () => {
    const sample = createSampler({ seed: SEED, temperature: 1, topP: 0.95 });
    const backwards = rank(new Map([...LOGITS].reverse()));
    for (let position = 0; position < 100; position++) {
      expect(sample(position, backwards)).to.equal(sample(position, RANKED));
    }
  });

  it("chooses otherwise under another seed", () => {
    const other = createSampler({ seed: keccak256(SEED), temperature: 1, topP: 1 });
    const sample = createSampler({ seed: SEED, temperature: 1, topP: 1 });
    const positions = Array.from({ length: 100 }, (_, position) => position);
    expect(positions.map((position) => other(position, RANKED))).to.not.deep.equal(
      positions.map((position) => sample(position, RANKED)),
    );
  });

  it("gives every token its own noise at every position", () => {
    const words = seedWords(SEED);
    const noises = [gumbel(words, 0, 1), gumbel(words, 1, 0), gumbel(words, 1, 1), gumbel(words, 0, 0)];
    expect(new Set(noises).size).to.equal(noises.length);
  });

  it("refuses to choose from nothing", () => {
    expect(() => createSampler({ seed: SEED, temperature: 1, topP: 1 })(0, [])).to.throw(RangeError);
  });
});
