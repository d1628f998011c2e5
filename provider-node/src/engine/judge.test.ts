import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import { createJudge } from "./judge.ts";
import { createSampler, rank } from "./sampler.ts";

const SEED = keccak256(stringToHex("a seed"));
const RANKED = rank(
  new Map([
    [7, 2],
    [3, 1],
    [900, 0],
    [12, -1],
  ]),
);

/** Candidates whose logits fall by equal steps, ids by their rank. */
const falling = (count: number, step: number) =>
  Array.from({ length: count }, (_, rank) => ({ id: rank, logit: -step * rank }));

describe("judging a claimed token", () => {
  it("finds no margin where the sampler chooses the same, and one everywhere else", () => {
    for (const topP of [1, 0.9]) {
      const rule = { seed: SEED, temperature: 0.8, topP };
      const [sample, judge] = [createSampler(rule), createJudge(rule)];
      for (let position = 0; position < 200; position++) {
        const chosen = sample(position, RANKED);
        for (const { id } of RANKED) {
          const { isChosen, margin } = judge(position, RANKED, id);
          expect(isChosen).to.equal(id === chosen);
          expect(margin > 0).to.equal(id !== chosen);
        }
      }
    }
  });

  it("measures in logits, whatever the temperature", () => {
    const cold = createJudge({ seed: SEED, temperature: 0, topP: 1 });
    const cool = createJudge({ seed: SEED, temperature: 1e-6, topP: 1 });
    for (const { id, logit } of RANKED) {
      expect(cold(0, RANKED, id)).to.deep.equal({ isChosen: id === 7, margin: 2 - logit });
      expect(cool(0, RANKED, id).margin).to.be.closeTo(2 - logit, 1e-4);
    }
  });

  it("charges as little as the logits that differ, also where tokens swap places at a bound", () => {
    const noise = 0.01;
    for (const topP of [1, 0.8, 0.5]) {
      const rule = { seed: SEED, temperature: 1.5, topP };
      const [sample, judge] = [createSampler(rule), createJudge(rule)];
      const provider = falling(120, 0.003);
      const reference = rank(new Map(provider.map(({ id, logit }) => [id, logit + (id % 2 === 0 ? noise : -noise)])));
      let mismatches = 0;
      for (let position = 0; position < 2000; position++) {
        const { isChosen, margin } = judge(position, reference, sample(position, provider.slice(0, 64)));
        mismatches += isChosen ? 0 : 1;
        expect(margin).to.be.at.most(2 * noise * 1.01);
      }
      expect(mismatches).to.be.greaterThan(0);
    }
  });

  it("gives no finite margin to what is nowhere near", () => {
    const judge = createJudge({ seed: SEED, temperature: 1, topP: 0.8 });
    expect(judge(0, RANKED, 12).margin).to.be.at.least(2);
    expect(judge(0, RANKED, 555)).to.deep.equal({ isChosen: false, margin: Number.POSITIVE_INFINITY });
  });
});
