import { expect } from "chai";
import { type ForecastParameters, forecast, meanHold, measureDemand, median } from "./forecast.ts";

const DAY = 86_400;
const NOW = 1_800_000_000;

const demand = { days: 10, jobs: 1_000, jobsPerDay: 100, volumePerDay: 100_000_000, isThin: false };
const plain: ForecastParameters = {
  demand,
  competitors: 3,
  marketPrice: 500_000n,
  feeShare: 250,
  exposureShare: 5_000,
  hold: 3_600,
  price: 500_000n,
  tokensPerSecond: 1_000,
  hoursPerDay: 24,
  stake: 1_000_000_000n,
};

describe("the forecast of earnings", () => {
  it("measures demand from the first day with jobs until now", () => {
    const stats = [
      { timestamp: NOW - 4 * DAY, settled: 30, volume: 300n },
      { timestamp: NOW - DAY, settled: 10, volume: 100n },
    ];
    expect(measureDemand(stats, NOW)).to.deep.equal({
      days: 4,
      jobs: 40,
      jobsPerDay: 10,
      volumePerDay: 100,
      isThin: false,
    });
  });

  it("does not make a day's demand out of an hour's, and says that it is thin", () => {
    const young = measureDemand([{ timestamp: NOW - 3_600, settled: 100, volume: 100n }], NOW);
    expect(young.jobsPerDay).to.equal(100);
    expect(young.isThin).to.equal(true);
    expect(measureDemand([], NOW)).to.deep.include({ jobs: 0, volumePerDay: 0, isThin: true });
  });

  it("gives an equal one its equal part, less the fee", () => {
    const { jobsPerDay, volumePerDay, earningsPerDay, bound } = forecast(plain);
    expect(jobsPerDay).to.equal(25);
    expect(volumePerDay).to.equal(25_000_000n);
    expect(earningsPerDay).to.equal(24_375_000n);
    expect(bound).to.equal("demand");
  });

  it("gives who is cheaper more jobs, and who is dearer fewer and at last less money", () => {
    const cheap = forecast({ ...plain, price: 250_000n });
    const dear = forecast({ ...plain, price: 5_000_000n });
    expect(cheap.jobsPerDay).to.be.greaterThan(forecast(plain).jobsPerDay);
    expect(dear.jobsPerDay).to.be.lessThan(1);
    expect(dear.earningsPerDay < forecast(plain).earningsPerDay).to.equal(true);
  });

  it("never sells more than the machine writes in its hours", () => {
    const slow = forecast({ ...plain, tokensPerSecond: 10, hoursPerDay: 12 });
    expect(slow.bound).to.equal("speed");
    // 10 tokens/s in 12 hours at half a token unit each.
    expect(slow.volumePerDay).to.equal(216_000n);
  });

  it("never sells more than the stake answers for while prices lie on it", () => {
    const bound = forecast({ ...plain, stake: 1_000_000n });
    expect(bound.bound).to.equal("stake");
    expect(bound.exposure).to.equal(500_000n);
    expect(bound.volumePerDay).to.equal(12_000_000n);
    expect(bound.jobsPerDay).to.equal(12);
  });

  it("tells when it earned its stake, and that nothing is never", () => {
    const { earningsPerDay, paybackDays } = forecast(plain);
    expect(paybackDays).to.equal(1_000_000_000 / Number(earningsPerDay));
    const nothing = forecast({ ...plain, demand: { ...demand, jobs: 0, jobsPerDay: 0, volumePerDay: 0 } });
    expect(nothing).to.deep.include({ earningsPerDay: 0n, jobsPerDay: 0, paybackDays: undefined });
    expect(forecast({ ...plain, price: 0n }).earningsPerDay).to.equal(0n);
  });

  it("takes the middle price and the mean time to the pay", () => {
    expect(median([5n, 1n, 3n])).to.equal(3n);
    expect(median([4n, 2n])).to.equal(2n);
    expect(median([])).to.equal(undefined);
    expect(
      meanHold([
        { acceptedAt: 10, endedAt: 30 },
        { acceptedAt: undefined, endedAt: 5 },
        { acceptedAt: 0, endedAt: 40 },
      ]),
    ).to.equal(30);
    expect(meanHold([])).to.equal(undefined);
  });
});
