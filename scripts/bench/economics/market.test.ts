import { expect } from "chai";
import { seededRandom } from "./chance.ts";
import { RULES, readCaseGas, WORLD } from "./economy.ts";
import { type ProviderKind, simulate } from "./market.ts";
import { burstGain, streamingGain } from "./provider.ts";

const GAS = readCaseGas();
const PRICE = 0.5;
/** No accomplice brings the cases of the simulation, and no honest provider is convicted. */
const RULES_HERE = { ...RULES, challengerShare: 0 };
const WORLD_HERE = { ...WORLD, falsePositive: 0, gasPrice: 0 };
const CHEATS = { share: 1, saving: 1, detection: 0.7 };

function play(kinds: readonly ProviderKind[], hours: number, seed = 11) {
  const setup = { seed, hours, jobPrice: PRICE, hourlyVolume: PRICE, providers: kinds, seats: { honest: 40 } };
  return simulate(RULES_HERE, WORLD_HERE, GAS, setup);
}

describe("a simulated market", () => {
  it("loses and makes no token", () => {
    const kinds = [{ name: "honest" }, { name: "cheat", cheats: CHEATS }, { name: "lazy", isLazy: true }];
    expect(play(kinds, 500).residue).to.be.closeTo(0, 1e-9);
  });

  it("comes out the same for the same seed, and not for another", () => {
    const kinds = [{ name: "cheat", cheats: CHEATS }];
    expect(play(kinds, 200)).to.deep.equal(play(kinds, 200));
    expect(play(kinds, 200).burned).to.not.equal(play(kinds, 200, 12).burned);
  });

  it("pays an honest provider its margin", () => {
    const [honest] = play([{ name: "honest" }], 200).providers;
    expect(honest?.perToken).to.be.closeTo(1 - RULES.feeShare - WORLD.costShare, 1e-9);
  });

  it("takes from a steady cheat what is exact", () => {
    const [honest, cheat] = play([{ name: "honest" }, { name: "cheat", cheats: CHEATS }], 40_000).providers;
    const exact = streamingGain(RULES_HERE, { saving: WORLD.costShare, detection: CHEATS.detection }, PRICE);
    expect((cheat?.perToken ?? 0) - (honest?.perToken ?? 0)).to.be.closeTo(exact, Math.abs(exact) * 0.05);
  });

  it("takes from a burst what is exact", () => {
    const hours = 10_000;
    const burst = { name: "burst", isBurst: true };
    const [honest, cheat] = play([burst, { ...burst, cheats: CHEATS }], hours).providers;
    const exact = burstGain(RULES_HERE, { saving: WORLD.costShare, detection: CHEATS.detection }, PRICE);
    const simulated = ((cheat?.net ?? 0) - (honest?.net ?? 0)) / hours;
    expect(simulated).to.be.closeTo(exact, Math.abs(exact) * 0.05);
  });
});

describe("seeded random numbers", () => {
  it("are spread evenly", () => {
    const random = seededRandom(5);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) {
      expect(count).to.be.within(9_600, 10_400);
    }
  });
});
