import {
  BASIS_POINTS,
  exposureCap,
  feeOf,
  hasPassed,
  isAhead,
  noShowPenalty,
  shareDown,
  shareUp,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { RUNS, uint64 } from "./support/arbitraries.ts";
import { type Harness, startHarness } from "./support/harness.ts";

const share = fc.nat(Number(BASIS_POINTS));

/** Amounts of any size, and those around which rounding turns. */
const amount = fc.oneof(uint64, fc.bigInt({ min: 0n, max: 30_000n }));

describe("parity: fees and deadlines", () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>) =>
    fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: RUNS });

  it("rounds every share as FeeLib does", () =>
    check(fc.tuple(amount, share), async ([value, basisPoints]) => {
      expect(shareUp(value, basisPoints)).to.equal(await harness.solidity("shareUp", value, BigInt(basisPoints)));
      expect(shareDown(value, basisPoints)).to.equal(await harness.solidity("shareDown", value, BigInt(basisPoints)));
    }));

  it("takes fees up and allows exposure down", () =>
    check(fc.tuple(amount, share), async ([value, basisPoints]) => {
      expect(feeOf(value, basisPoints)).to.equal(await harness.solidity("shareUp", value, BigInt(basisPoints)));
      expect(exposureCap(value, basisPoints)).to.equal(await harness.solidity("shareDown", value, BigInt(basisPoints)));
    }));

  it("penalises a no-show as FeeLib does", () =>
    check(fc.tuple(amount, share, amount), async ([price, basisPoints, floor]) => {
      const expected = await harness.solidity("noShowPenalty", price, BigInt(basisPoints), floor);
      expect(noShowPenalty(price, basisPoints, floor)).to.equal(expected);
    }));

  it("judges every deadline as DeadlineLib does, to the second", async () => {
    const { timestamp } = await harness.person(0).getBlock({ blockTag: "pending" });
    const now = Number(timestamp);
    for (const deadline of [0, now - 3600, now + 3600, 2 ** 40 - 1]) {
      expect(isAhead(deadline, now)).to.equal(await harness.solidity("isAhead", BigInt(deadline)));
      expect(hasPassed(deadline, now)).to.equal(await harness.solidity("hasPassed", BigInt(deadline)));
    }
    for (const offset of [-1, 0, 1]) {
      expect(isAhead(now + offset, now)).to.equal(offset > 0);
      expect(hasPassed(now + offset, now)).to.equal(offset <= 0);
    }
  });
});
