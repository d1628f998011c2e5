import { expect } from "chai";
import { bucketOf, emptyMarketStats, fillBuckets, meanPrice, windowOf } from "./stats.ts";

const HOUR = 3_600;

describe("statistics on pages", () => {
  it("show hours in which nothing happened as such", () => {
    const one = { ...emptyMarketStats(2 * HOUR), settled: 3, volume: 30n };
    const filled = fillBuckets([one], { from: HOUR + 5, to: 4 * HOUR + 7, interval: "hour", empty: emptyMarketStats });
    expect(filled.map(({ timestamp, settled }) => [timestamp / HOUR, settled])).to.deep.equal([
      [1, 0],
      [2, 3],
      [3, 0],
      [4, 0],
    ]);
  });

  it("look back over whole hours, so that the oldest is not cut", () => {
    const window = windowOf(30 * HOUR + 5, "hour", 24);
    expect(window).to.deep.equal({ from: 7 * HOUR, to: 30 * HOUR + 5, interval: "hour" });
    expect(fillBuckets([], { ...window, empty: emptyMarketStats })).to.have.length(24);
  });

  it("have one bucket where begin and end are in the same, and none where the end comes first", () => {
    const window = { interval: "day", empty: emptyMarketStats } as const;
    expect(fillBuckets([], { from: 100, to: 200, ...window })).to.have.length(1);
    expect(fillBuckets([], { from: 2 * 86_400, to: 5, ...window })).to.have.length(0);
    expect(bucketOf(86_400 + 5, "day")).to.equal(86_400);
  });

  it("have no mean price where nothing was settled", () => {
    expect(meanPrice(emptyMarketStats(0))).to.equal(undefined);
    expect(meanPrice({ volume: 10n, settled: 4 })).to.equal(2n);
  });
});
