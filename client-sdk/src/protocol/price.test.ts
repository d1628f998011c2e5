import { expect } from "chai";
import fc from "fast-check";
import { estimatePrice, priceOf } from "./price.ts";

const PRICING = { pricePerItem: "100", pricePerMillionInputTokens: 2_000_000n, pricePerMillionOutputTokens: "500000" };

describe("prices", () => {
  it("add items, input and output, rounded up once", () => {
    expect(priceOf(PRICING, { items: 3, inputTokens: 10, outputTokens: 100 })).to.equal(300n + 20n + 50n);
    expect(priceOf(PRICING, { items: 0, inputTokens: 0, outputTokens: 1 })).to.equal(1n);
    expect(priceOf(PRICING, { items: 0, inputTokens: 0, outputTokens: 3 })).to.equal(2n);
    expect(priceOf(PRICING, { items: 0, inputTokens: 0, outputTokens: 0 })).to.equal(0n);
  });

  it("never fall when a job grows", () => {
    const size = fc.record({ items: fc.nat(1000), inputTokens: fc.nat(), outputTokens: fc.nat() });
    fc.assert(
      fc.property(size, fc.constantFrom("items", "inputTokens", "outputTokens"), (small, field) => {
        const large = { ...small, [field]: (small[field as keyof typeof small] ?? 0) + 1 };
        return priceOf(PRICING, large) >= priceOf(PRICING, small);
      }),
    );
  });

  it("are guessed from the bytes of prompts and the longest outputs", () => {
    const texts = ["a".repeat(30), { messages: [{ role: "user" as const, content: "é".repeat(15) }], maxTokens: 50 }];
    // Two prompts of 30 bytes: 10 tokens and 8 of template each; outputs of 200 and 50.
    const expected = priceOf(PRICING, { items: 2, inputTokens: 36, outputTokens: 250 });
    expect(estimatePrice(PRICING, texts, 200)).to.equal(expected);
  });
});
