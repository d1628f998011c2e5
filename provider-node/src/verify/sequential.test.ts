import type { Tolerances } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { accumulate, testSequentially } from "./sequential.ts";
import type { Statistics } from "./statistics.ts";

/** `count` tokens of which every `period`th is a mismatch. */
const everyNth = (count: number, period: number) =>
  Array.from({ length: count }, (_, index) => (index + 1) % period !== 0);

describe("the sequential test", () => {
  it("convicts a stranger's tokens within some ten, and a cheat at its rate within some tens", () => {
    expect(testSequentially(Array(100).fill(false))).to.deep.equal({ decision: "cheat", tokens: 6 });
    const { decision, tokens } = testSequentially(everyNth(1000, 4));
    expect(decision).to.equal("cheat");
    expect(tokens).to.be.within(20, 60);
  });

  it("acquits who matches, and lets a rate in between run on", () => {
    const { decision, tokens } = testSequentially(everyNth(1000, 100));
    expect(decision).to.equal("honest");
    expect(tokens).to.be.within(20, 100);
    expect(testSequentially(Array(20).fill(true))).to.deep.equal({ decision: "undecided", tokens: 20 });
    expect(testSequentially([])).to.deep.equal({ decision: "undecided", tokens: 0 });
  });

  it("is wrong about the honest no more often than asked", () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    let wrong = 0;
    for (let run = 0; run < 5000; run++) {
      const matches = Array.from({ length: 200 }, () => random() >= 0.015);
      wrong += testSequentially(matches, { alpha: 0.02 }).decision === "cheat" ? 1 : 0;
    }
    expect(wrong / 5000).to.be.lessThan(0.02);
  });
});

describe("evidence that adds up", () => {
  const tolerances: Tolerances = {
    marginTolerance: 100,
    marginThreshold: 300,
    traceTolerance: 20,
    traceThreshold: 60,
    probeTolerance: 0,
  };
  const checks = (count: number, one: Partial<Statistics>): Statistics[] =>
    Array(count).fill({ tokens: 500, mismatches: 0, margin: 0, distance: 0, ...one });

  it("suspects nobody for what a single check excuses", () => {
    const margin = 250 / 2 ** 20;
    expect(accumulate(checks(1, { margin }), tolerances).isSuspect).to.equal(false);
    expect(accumulate([], tolerances).isSuspect).to.equal(false);
  });

  it("suspects who is always a little off, in margin or distance", () => {
    expect(accumulate(checks(4, { margin: 250 / 2 ** 20 }), tolerances).isSuspect).to.equal(true);
    expect(accumulate(checks(4, { distance: 50 / 4096 }), tolerances).isSuspect).to.equal(true);
    expect(accumulate(checks(1000, { margin: 99 / 2 ** 20, distance: 19 / 4096 }), tolerances).isSuspect).to.equal(
      false,
    );
  });

  it("weighs checks by their tokens", () => {
    const history = [...checks(1, { tokens: 10, margin: 1 }), ...checks(1, { tokens: 990 })];
    expect(accumulate(history, tolerances)).to.include({ checks: 2, tokens: 1000, margin: 0.01 });
  });
});
