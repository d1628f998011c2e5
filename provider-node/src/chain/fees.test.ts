import { expect } from "chai";
import { NodeError } from "../errors.ts";
import { firstFees, raisedFees } from "./fees.ts";

const CAP = 1_000n;

describe("what a transaction bids", () => {
  it("first is twice the base fee and the tip, never over the cap", () => {
    expect(firstFees({ baseFee: 100n, tip: 7n }, CAP)).to.deep.equal({ maxFeePerGas: 207n, maxPriorityFeePerGas: 7n });
    expect(firstFees({ baseFee: 600n, tip: 7n }, CAP)).to.deep.equal({ maxFeePerGas: CAP, maxPriorityFeePerGas: 7n });
    expect(firstFees({ baseFee: 1n, tip: 5_000n }, CAP).maxPriorityFeePerGas).to.equal(CAP);
  });

  it("is not made where the base fee alone is over the cap", () => {
    expect(firstFees({ baseFee: CAP, tip: 1n }, CAP).maxFeePerGas).to.equal(CAP);
    expect(() => firstFees({ baseFee: CAP + 1n, tip: 1n }, CAP))
      .to.throw(NodeError)
      .with.property("code", "FEE_ABOVE_CAP");
  });

  it("rises by a fifth, rounded up, or to what the market asks", () => {
    const before = { maxFeePerGas: 207n, maxPriorityFeePerGas: 1n };
    const quiet = raisedFees(before, { baseFee: 100n, tip: 1n }, CAP);
    expect(quiet).to.deep.equal({ maxFeePerGas: 249n, maxPriorityFeePerGas: 2n });
    const busy = raisedFees(before, { baseFee: 300n, tip: 9n }, CAP);
    expect(busy).to.deep.equal({ maxFeePerGas: 609n, maxPriorityFeePerGas: 9n });
  });

  it("does not rise where the cap leaves less than the tenth that nodes want", () => {
    const market = { baseFee: 100n, tip: 1n };
    expect(raisedFees({ maxFeePerGas: 910n, maxPriorityFeePerGas: 1n }, market, CAP)).to.equal(undefined);
    expect(raisedFees({ maxFeePerGas: 909n, maxPriorityFeePerGas: 1n }, market, CAP)?.maxFeePerGas).to.equal(CAP);
  });
});
