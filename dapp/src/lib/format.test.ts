import { expect } from "chai";
import { formatAmount, formatDuration, formatMs, formatRelative, shorten } from "./format.ts";

describe("how pages write figures", () => {
  it("never rounds an amount up, and drops what says nothing", () => {
    expect(formatAmount(1_999_999n, 6, 2)).to.equal("1.99");
    expect(formatAmount(1_500_000n, 6)).to.equal("1.5");
    expect(formatAmount(12_345_000_000n, 6)).to.equal("12,345");
    expect(formatAmount(0n, 6)).to.equal("0");
    expect(formatAmount(-2_500_000n, 6)).to.equal("-2.5");
  });

  it("says that a tiny amount is not nothing", () => {
    expect(formatAmount(3n, 6, 4)).to.equal("<0.0001");
    expect(formatAmount(3n, 6, 6)).to.equal("0.000003");
  });

  it("tells times in the units that matter", () => {
    expect(formatDuration(45)).to.equal("45 s");
    expect(formatDuration(245)).to.equal("4 min 5 s");
    expect(formatDuration(86_400 * 2 + 3_600 * 3 + 59)).to.equal("2 d 3 h");
    expect(formatDuration(3_601)).to.equal("1 h");
    expect(formatRelative(1_000, 1_002)).to.equal("now");
    expect(formatRelative(1_000, 1_000 + 7_300)).to.equal("2 h ago");
    expect(formatRelative(1_060, 1_000)).to.equal("in 1 min");
    expect(formatMs(83.6)).to.equal("84 ms");
    expect(formatMs(1_240)).to.equal("1.2 s");
  });

  it("shortens what is long, and only that", () => {
    expect(shorten("0x1234567890abcdef")).to.equal("0x1234…cdef");
    expect(shorten("0x123456")).to.equal("0x123456");
  });
});
