import { expect } from "chai";
import { keccak256 } from "viem/utils";
import { verifyEmbedding, verifyExact } from "./other-work.ts";

describe("embeddings", () => {
  const reference = [0.3, -1, 2, 0.01];
  it("are near whatever their length as long as they point the same way", () => {
    const check = verifyEmbedding(
      reference.map((x) => x * 7 + 1e-4),
      reference,
    );
    expect(check.isNear).to.equal(true);
    expect(check.distance).to.be.lessThan(1e-8);
  });

  it("are far beyond the tolerance given", () => {
    const turned = [0.3, -1, 2, 0.05];
    const { isNear, distance } = verifyEmbedding(turned, reference);
    expect(isNear).to.equal(false);
    expect(distance).to.be.within(1e-4, 5e-4);
    expect(verifyEmbedding(turned, reference, 5e-4).isNear).to.equal(true);
    const opposite = reference.map((x) => -x);
    expect(verifyEmbedding(opposite, reference).distance).to.be.closeTo(2, 1e-12);
  });

  it("are far where they cannot be compared", () => {
    for (const bad of [[], [1, 2, 3], [0, 0, 0, 0], [Number.NaN, 1, 1, 1], [Number.POSITIVE_INFINITY, 0, 0, 0]]) {
      expect(verifyEmbedding(bad, reference).isNear, JSON.stringify(bad)).to.equal(false);
    }
  });
});

describe("exact work", () => {
  it("is the same to the last bit or wrong", () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(verifyExact(keccak256(bytes), bytes)).to.equal(true);
    expect(verifyExact(keccak256(bytes), new Uint8Array([1, 2, 4]))).to.equal(false);
  });
});
