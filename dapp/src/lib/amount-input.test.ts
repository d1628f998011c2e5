import { expect } from "chai";
import { readAmount, writeAmount } from "./amount-input.ts";

const USDC = { decimals: 6, symbol: "USDC" };

describe("amounts as people type them", () => {
  it("reads whole and broken amounts exactly", () => {
    expect(readAmount("12.5", USDC).value).to.equal(12_500_000n);
    expect(readAmount(" 3. ", USDC).value).to.equal(3_000_000n);
    expect(readAmount("0.000001", USDC).value).to.equal(1n);
  });

  it("takes nothing that is no number, and nothing that would be rounded", () => {
    for (const text of ["", "-1", "1e3", "1,5", "abc", ".", "0.0000001"]) {
      expect(readAmount(text, USDC).value, text).to.equal(undefined);
    }
  });

  it("keeps to its limits, which both may be reached", () => {
    const limits = { ...USDC, min: 5_000_000n, max: 10_000_000n, minIs: "the least stake", maxIs: "your balance" };
    expect(readAmount("5", limits).value).to.equal(5_000_000n);
    expect(readAmount("10", limits).value).to.equal(10_000_000n);
    expect(readAmount("4.999999", limits).error).to.contain("the least stake");
    expect(readAmount("10.000001", limits).error).to.contain("your balance");
    expect(readAmount("0", USDC).error).to.be.a("string");
    expect(readAmount("0", { ...USDC, min: 0n }).value).to.equal(0n);
  });

  it("writes what it reads back as the same", () => {
    expect(readAmount(writeAmount(1_234_567_890n, 6), USDC).value).to.equal(1_234_567_890n);
  });
});
