import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { CARD_SERVICE, CARD_TYPE, cardEndpoint, providerCardSchema } from "./card.ts";
import { parseAs } from "./parse-as.ts";

const CARD = {
  ...{
    type: CARD_TYPE,
    name: "Aurora",
    description: "A shelf in the north.",
    active: true,
    image: "https://a.example/i",
  },
  services: [
    { name: "web", endpoint: "https://www.example" },
    { name: CARD_SERVICE, endpoint: "https://node.example", version: "0.1.0" },
  ],
  touchstone: {
    ...{ provider: zeroAddress, market: zeroAddress, chainId: 1, region: "eu", hardware: "RTX 4090", models: [] },
  },
};

describe("provider cards", () => {
  it("keep what an ERC-8004 registration file says beside", () => {
    expect(parseAs(providerCardSchema, CARD, "card")).to.deep.equal(CARD);
  });

  it("tell how live calls are paid, where they are sold", () => {
    const live = {
      ...{ network: "eip155:8453", asset: zeroAddress, assetName: "USDC", assetVersion: "2", receiver: zeroAddress },
      ...{
        receiverAuthorizer: zeroAddress,
        withdrawDelay: 86_400,
        minDeposit: "100000",
        encryptionKey: "A".repeat(43),
      },
    };
    const cardWith = (terms: object) => ({
      ...CARD,
      x402Support: true,
      touchstone: { ...CARD.touchstone, live: terms },
    });
    expect(parseAs(providerCardSchema, cardWith(live), "card")).to.deep.equal(cardWith(live));
    for (const bad of [
      ...[{ network: "base" }, { asset: "0x12" }, { withdrawDelay: -1 }, { minDeposit: "1.5" }, { encryptionKey: "A" }],
      ...[{ assetName: "" }, { receiver: undefined }],
    ]) {
      expect(() => parseAs(providerCardSchema, cardWith({ ...live, ...bad }), "card"), JSON.stringify(bad))
        .to.throw()
        .with.property("code", "INVALID_DATA");
    }
  });

  it("tell what the node measured and since when it runs, where they do", () => {
    const prices = { pricePerItem: "1", pricePerMillionInputTokens: "1", pricePerMillionOutputTokens: "1" };
    const measured = { firstTokenMs: 120, tokensPerSecond: 41.5, calls: 7, since: 1_800_000_000 };
    const cardWith = (told: object, ofNode: object = {}) => {
      const models = [{ id: zeroHash, name: "x", contextLength: 1, ...prices, ...told }];
      return { ...CARD, touchstone: { ...CARD.touchstone, models, ...ofNode } };
    };
    for (const good of [
      cardWith({ measured }, { upSince: 1_800_000_000, drained: true }),
      cardWith({ measured: { ...measured, firstTokenMs: undefined } }),
    ]) {
      expect(parseAs(providerCardSchema, good, "card")).to.deep.equal(good);
    }
    for (const bad of [
      cardWith({ measured: { ...measured, calls: 0 } }),
      cardWith({ measured: { ...measured, tokensPerSecond: -1 } }),
      cardWith({ measured: { ...measured, firstTokenMs: "fast" } }),
      cardWith({}, { upSince: 1.5 }),
    ]) {
      expect(() => parseAs(providerCardSchema, bad, "card"))
        .to.throw()
        .with.property("code", "INVALID_DATA");
    }
  });

  it("tell the node's address, where they list it", () => {
    const card = parseAs(providerCardSchema, CARD, "card");
    expect(cardEndpoint(card)).to.equal("https://node.example");
    expect(cardEndpoint({ ...card, services: [] })).to.equal(undefined);
  });

  it("are refused with prices that are no amounts", () => {
    const prices = { pricePerItem: 1, pricePerMillionInputTokens: "1.5", pricePerMillionOutputTokens: "" };
    const models = [{ id: zeroHash, name: "x", contextLength: 1, ...prices }];
    const bad = { ...CARD, touchstone: { ...CARD.touchstone, models } };
    expect(() => parseAs(providerCardSchema, bad, "card"))
      .to.throw()
      .with.property("issues")
      .of.length(3);
  });
});
