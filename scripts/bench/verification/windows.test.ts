import { expect } from "chai";
import { addCounts, countOver, rateBound } from "./windows.ts";

const TOLERANCES = {
  ...{ marginTolerance: 10, marginThreshold: 100, traceTolerance: 10, traceThreshold: 100, probeTolerance: 10 },
};
const entry = (margin: number, distance = 0) => ({ matches: margin === 0, margin, distance });
const honest = (count: number) => Array.from({ length: count }, () => entry(0));

describe("windows", () => {
  it("are disjoint, and what does not fill one is left out", () => {
    expect(countOver(honest(129), 50, TOLERANCES)).to.deep.equal({ windows: 2, over: 0 });
  });

  it("are over by margin or by distance", () => {
    const entries = [...honest(49), entry(1), ...honest(49), entry(0, 1), ...honest(50)];
    expect(countOver(entries, 50, TOLERANCES)).to.deep.equal({ windows: 3, over: 2 });
  });

  it("add up", () => {
    const counts = [
      { windows: 2, over: 1 },
      { windows: 3, over: 0 },
    ];
    expect(addCounts(counts)).to.deep.equal({ windows: 5, over: 1 });
  });

  it("without a false positive bound the rate by the rule of three", () => {
    expect(rateBound({ windows: 30_000, over: 0 })).to.equal(1e-4);
    expect(rateBound({ windows: 30_000, over: 3 })).to.be.within(2e-4, 3e-4);
    expect(rateBound({ windows: 0, over: 0 })).to.equal(1);
  });
});
