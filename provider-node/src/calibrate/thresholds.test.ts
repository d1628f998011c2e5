import { canJudge, EMPTY_WORD, type Word } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { CaseObservation } from "./observe-case.ts";
import { chooseTolerances, reached, spreadOf } from "./thresholds.ts";

const entry = (margin: number, distance: number) => ({ matches: margin === 0, margin, distance });
const word = (change: Partial<Word>): Word => ({ ...EMPTY_WORD, tokens: 512, ...change });
const probes = (first: number) => EMPTY_WORD.probes.map((probe, index) => (index === 0 ? first : probe));

const caseOf = (...words: Word[]): CaseObservation => ({ words, median: word({}) });
const HONEST = [Array.from({ length: 512 }, () => entry(0, 0.001))];

describe("tolerances", () => {
  it("are twice the furthest that a seat lay from the median, four times in the probes", () => {
    const seats = caseOf(word({ margin: 30, distance: 7, probes: probes(-5) }), word({}));
    const chosen = chooseTolerances([caseOf(word({})), seats], HONEST);
    expect(chosen).to.include({ marginTolerance: 60, traceTolerance: 14, probeTolerance: 16 * 25 });
  });

  it("are at least half of the threshold, for the median decides", () => {
    const entries = [Array.from({ length: 512 }, () => entry(0, 0.01))];
    const chosen = chooseTolerances([caseOf(word({}))], entries);
    expect(chosen).to.include({ traceTolerance: 41, traceThreshold: 82 });
  });

  it("leave thresholds twice above what honest windows reach", () => {
    const entries = [Array.from({ length: 512 }, (_, index) => entry(index === 0 ? 0.5 : 0, 0.005))];
    const { marginThreshold, traceThreshold } = chooseTolerances([caseOf(word({}))], entries);
    expect(marginThreshold).to.equal(2 * reached(entries, "margin"));
    expect(traceThreshold).to.equal(2 * Math.round(0.005 * 4096));
  });

  it("make room for the flips that a distance allows, seen or not", () => {
    const entries = [Array.from({ length: 512 }, () => entry(0, 0.01))];
    const { marginThreshold } = chooseTolerances([caseOf(word({}))], entries);
    expect(marginThreshold).to.equal(Math.round(((4 * 0.01) / 512) * 2 ** 20));
  });

  it("always leave thresholds above tolerances, so that a court takes them", () => {
    const far = caseOf(word({ margin: 500, distance: 500 }), word({ margin: 32_767, distance: 32_767 }));
    expect(canJudge(chooseTolerances([caseOf(word({}))], HONEST))).to.equal(true);
    expect(canJudge(chooseTolerances([far], HONEST))).to.equal(true);
  });

  it("take the length of window at which honest runs reach most", () => {
    const flip = [entry(0.5, 0), ...Array.from({ length: 511 }, () => entry(0, 0))];
    expect(reached([flip], "margin")).to.be.above(0);
    expect(reached([flip.slice(1)], "margin")).to.equal(0);
  });

  it("look past one honest window in ten thousand", () => {
    const run = Array.from({ length: 10_000 }, (_, index) => entry(0, index === 0 ? 1 : 0));
    const short = Array.from({ length: 9_999 }, (_, index) => entry(0, index === 0 ? 1 : 0));
    expect(reached([run.slice(0, 1), ...run.slice(1).map((one) => [one])], "distance")).to.equal(0);
    expect(reached([short.slice(0, 1), ...short.slice(1).map((one) => [one])], "distance")).to.equal(4096);
  });

  it("count differences of probes as squares", () => {
    expect(spreadOf(word({ probes: probes(3) }), word({ probes: probes(-1) }))).to.include({ squares: 16 });
  });
});
