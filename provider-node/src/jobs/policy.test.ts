import { type JobSpec, SEALED } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { floorPrice, type JobKind, type PolicySettings, refusalOf, type Situation, secondsOf } from "./policy.ts";

const US = "0x00000000000000000000000000000000000000a1";
const OTHER = "0x00000000000000000000000000000000000000b2";
const BUYER = "0x00000000000000000000000000000000000000c3";

const SETTINGS: PolicySettings = {
  provider: US,
  pricePerItem: 100n,
  pricePerMillionInputTokens: 10_000n,
  pricePerMillionOutputTokens: 50_000n,
  maxItems: 10,
  buyers: [],
  maxChallengeWindow: 3_600,
  maxEngaged: 4,
  landingSeconds: 10,
};

const SPEC: JobSpec = {
  client: BUYER,
  provider: zeroAddress,
  model: zeroHash,
  input: zeroHash,
  items: 2,
  price: 1_000n,
  acceptBy: 2_000,
  submitWithin: 300,
  challengeWindow: 600,
  flags: 0,
  callback: zeroAddress,
  callbackGas: 0,
  salt: zeroHash,
};

const SITUATION: Situation = {
  now: 1_000,
  isModelServed: true,
  measure: { promptTokens: 800, maxOutputTokens: 1_000, bytes: 4_000 },
  tokensPerSecond: 10,
  queueSeconds: 0,
  engaged: 0,
  capacity: 1_000_000n,
  isDraining: false,
};

function codeOf(
  spec: Partial<JobSpec> = {},
  situation: Partial<Situation> = {},
  settings: Partial<PolicySettings> = {},
  kind: JobKind = "posted",
): string | undefined {
  return refusalOf({ ...SPEC, ...spec }, kind, { ...SETTINGS, ...settings }, { ...SITUATION, ...situation })?.code;
}

describe("the policy", () => {
  it("takes a job that pays, fits and leaves time", () => {
    expect(codeOf()).to.equal(undefined);
    expect(codeOf({ provider: US })).to.equal(undefined);
    expect(codeOf({}, {}, {}, "order")).to.equal(undefined);
  });

  it("refuses items that could not be shown on chain", () => {
    const measure = { promptTokens: 800, maxOutputTokens: 1_000, bytes: 4_000 };
    expect(codeOf({}, { measure: { ...measure, answerBytes: 120_000 } })).to.equal(undefined);
    expect(codeOf({}, { measure: { ...measure, answerBytes: 120_001 } })).to.equal("ITEM_TOO_LARGE");
  });

  it("refuses what it does not run, what is not for it and whom it does not serve", () => {
    expect(codeOf({}, { isModelServed: false })).to.equal("MODEL_NOT_SERVED");
    expect(codeOf({ provider: OTHER })).to.equal("WRONG_PROVIDER");
    expect(codeOf({}, {}, { buyers: [OTHER] })).to.equal("BUYER_NOT_SERVED");
    expect(codeOf({}, {}, { buyers: [OTHER, BUYER] })).to.equal(undefined);
  });

  it("refuses too many items and none, unknown flags, callbacks and windows longer than it waits", () => {
    expect(codeOf({ items: 11, price: 9_999n })).to.equal("TOO_MANY_ITEMS");
    expect(codeOf({ items: 0 })).to.equal("TOO_MANY_ITEMS");
    expect(codeOf({ flags: SEALED })).to.equal(undefined);
    expect(codeOf({ flags: 2 })).to.equal("SPEC_NOT_LISTABLE");
    expect(codeOf({ callback: OTHER })).to.equal("SPEC_NOT_LISTABLE");
    expect(codeOf({ callbackGas: 1 })).to.equal("SPEC_NOT_LISTABLE");
    expect(codeOf({ challengeWindow: 3_600 })).to.equal(undefined);
    expect(codeOf({ challengeWindow: 3_601 })).to.equal("CHALLENGE_WINDOW_TOO_LONG");
  });

  it("asks for its price to the unit: items, then tokens rounded up", () => {
    const floor = floorPrice(SETTINGS, 2, SITUATION.measure); // 200 + (800 x 0.01 + 1000 x 0.05 = 58)
    expect(floor).to.equal(258n);
    expect(floorPrice(SETTINGS, 2, { promptTokens: 1, maxOutputTokens: 0, bytes: 1 })).to.equal(201n);
    expect(codeOf({ price: floor })).to.equal(undefined);
    expect(codeOf({ price: floor - 1n })).to.equal("PRICE_TOO_LOW");
  });

  it("knows only the price of the items before the input is here, and asks for one unit where all is free", () => {
    expect(codeOf({ price: 200n }, { measure: undefined })).to.equal(undefined);
    expect(codeOf({ price: 199n }, { measure: undefined })).to.equal("PRICE_TOO_LOW");
    expect(floorPrice({ ...SETTINGS, pricePerItem: 0n }, 2)).to.equal(1n);
  });

  it("refuses an accept that could not land in time", () => {
    expect(codeOf({ acceptBy: 1_011 })).to.equal(undefined);
    expect(codeOf({ acceptBy: 1_010 })).to.equal("TOO_LATE");
  });

  it("refuses what it may not finish in time, the queue before it counted", () => {
    expect(secondsOf(SITUATION.measure!, 10)).to.equal(110); // 1000 tokens to write, 800 to read eight times as fast
    expect(codeOf({ submitWithin: 148 })).to.equal(undefined); // 110 <= 0.8 x (148 - 10)
    expect(codeOf({ submitWithin: 147 })).to.equal("NOT_IN_TIME");
    expect(codeOf({}, { queueSeconds: 122 })).to.equal(undefined); // 232 <= 0.8 x 290
    expect(codeOf({}, { queueSeconds: 123 })).to.equal("NOT_IN_TIME");
    expect(codeOf({}, { tokensPerSecond: 4 })).to.equal("NOT_IN_TIME");
  });

  it("holds an order to its `acceptBy`, by which it must be done, and a posted job to its `submitWithin`", () => {
    expect(codeOf({ acceptBy: 1_148, submitWithin: 1 }, {}, {}, "order")).to.equal(undefined);
    expect(codeOf({ acceptBy: 1_147, submitWithin: 900 }, {}, {}, "order")).to.equal("NOT_IN_TIME");
  });

  it("refuses for now while it drains, is busy, or its stake is", () => {
    const passing = [
      refusalOf(SPEC, "posted", SETTINGS, { ...SITUATION, isDraining: true }),
      refusalOf(SPEC, "posted", SETTINGS, { ...SITUATION, engaged: 4 }),
      refusalOf(SPEC, "posted", SETTINGS, { ...SITUATION, capacity: 999n }),
    ];
    expect(passing.map((refusal) => refusal?.code)).to.deep.equal(["DRAINING", "AT_CAPACITY", "EXPOSURE_EXCEEDED"]);
    expect(passing.every((refusal) => refusal?.retryable)).to.equal(true);
    expect(codeOf({}, { capacity: 1_000n, engaged: 3 })).to.equal(undefined);
  });
});
