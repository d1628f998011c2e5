import { expect } from "chai";
import { quantile, spreadOf } from "./statistics.ts";

describe("statistics of the live bench", () => {
  it("takes quantiles by nearest rank, whatever the order", () => {
    const values = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1);
    expect([0.5, 0.95, 0.99, 1].map((share) => quantile(values, share))).to.deep.equal([50, 95, 99, 100]);
    expect(quantile([7], 0.5)).to.equal(7);
  });

  it("has no quantile of nothing", () => {
    expect(() => quantile([], 0.5)).to.throw(RangeError);
  });

  it("sums up and rounds", () => {
    expect(spreadOf([1.00049, 1.00049, 3])).to.deep.equal({ count: 3, median: 1, p95: 3, p99: 3 });
  });
});
