import { expect } from "chai";
import { cheapestEstimate, estimateSeconds, outputTokensOf } from "./estimate.ts";

const CARD = { pricePerItem: "1000", pricePerMillionInputTokens: "0", pricePerMillionOutputTokens: "1000000" };
const REQUESTS = [
  { messages: [{ role: "user", content: "a" }], maxTokens: 10 },
  { messages: [{ role: "user", content: "b" }] },
] as const;

describe("estimates before anybody is asked", () => {
  it("tell the longest that a provider would work, by what it measured", () => {
    const size = { items: 4, outputTokens: 1_000 };
    const measured = { firstTokenMs: 250, tokensPerSecond: 100, calls: 3, since: 0 };
    expect(estimateSeconds(measured, size)).to.equal(11);
    expect(estimateSeconds({ ...measured, firstTokenMs: undefined }, size)).to.equal(10);
  });

  it("tell no time before anything was measured", () => {
    const size = { items: 1, outputTokens: 1 };
    expect(estimateSeconds(undefined, size)).to.equal(undefined);
    expect(estimateSeconds({ tokensPerSecond: 0, calls: 1, since: 0 }, size)).to.equal(undefined);
  });

  it("count answers at their longest, and take the cheapest card", () => {
    expect(outputTokensOf(REQUESTS, 30)).to.equal(40);
    expect(cheapestEstimate([CARD, { ...CARD, pricePerItem: "1" }], REQUESTS, 30)).to.equal(42n);
    expect(cheapestEstimate([], REQUESTS, 30)).to.equal(undefined);
  });
});
