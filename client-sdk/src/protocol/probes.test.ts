import { expect } from "chai";
import { keccak256, stringToHex } from "viem/utils";
import { chooseProbes } from "./probes.ts";

const SEED = keccak256(stringToHex("a case"));
const positions = (entries: number, seed = SEED) => chooseProbes(seed, entries, 2048).map(({ position }) => position);

describe("probes", () => {
  it("are what they were", () => {
    const probes = chooseProbes(SEED, 600, 2048);
    expect(probes.slice(0, 4).map(({ position }) => position)).to.deep.equal([1, 8, 22, 64]);
    expect(probes[0]?.pairs.slice(0, 3)).to.deep.equal([
      [60, 1162],
      [402, 204],
      [1025, 107],
    ]);
  });

  it("look at 32 positions, all different, the last among them", () => {
    for (const entries of [33, 34, 64, 512, 9000]) {
      const chosen = positions(entries);
      expect(new Set(chosen).size).to.equal(32);
      expect(Math.max(...chosen)).to.equal(entries - 1);
      expect(Math.min(...chosen)).to.be.at.least(0);
    }
  });

  it("look at every position where there are fewer, at some of them again", () => {
    for (const entries of [1, 5, 31, 32]) {
      const chosen = positions(entries);
      expect(chosen).to.have.length(32);
      expect(new Set(chosen).size).to.equal(entries);
    }
    expect(positions(0)).to.deep.equal([]);
  });

  it("take every position about equally often", () => {
    const counts = Array(64).fill(0);
    for (let round = 0; round < 2000; round++) {
      for (const position of positions(64, keccak256(stringToHex(`case ${round}`)))) {
        counts[position] += 1;
      }
    }
    const expected = (2000 * 31) / 63; // The last is always in.
    for (const count of counts.slice(0, 63)) {
      expect(count).to.be.within(expected - 110, expected + 110); // five standard deviations
    }
  });

  it("compare two different ids of the vocabulary in each of twelve lanes, other ones at each position", () => {
    const probes = chooseProbes(SEED, 20, 17);
    const pairs = probes.flatMap((probe) => probe.pairs);
    expect(pairs).to.have.length(32 * 12);
    expect(pairs.every(([a, b]) => a !== b && a < 17 && b < 17)).to.equal(true);
    expect(new Set(pairs.map(([a, b]) => `${a} ${b}`)).size).to.be.greaterThan(150);
  });

  it("depend on the seed", () => {
    expect(positions(600)).to.not.deep.equal(positions(600, keccak256(SEED)));
  });
});
