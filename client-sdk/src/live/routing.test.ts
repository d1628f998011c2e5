import { expect } from "chai";
import { type Address, getAddress, type Hex, numberToHex, zeroAddress } from "viem";
import { type Offer, offerKey } from "./offer.ts";
import { fullPolicy, type LivePolicy } from "./policy.ts";
import { type Obstacle, obstacleOf, type RoutingContext, rankOffers } from "./routing.ts";
import { NO_RECORD, type TrackRecord, withFailure, withSuccess } from "./track-record.ts";

const MODEL: Hex = numberToHex(1, { size: 32 });

function offer(index: number, { price = 1_000_000n, ...changes }: Partial<Offer> & { price?: bigint } = {}): Offer {
  const prices = { pricePerMillionInputTokens: price.toString(), pricePerMillionOutputTokens: price.toString() };
  const model = { id: MODEL, name: "toy", contextLength: 2048, pricePerItem: "0", ...prices };
  const names = { network: "eip155:1", asset: zeroAddress, assetName: "USD", assetVersion: "1" };
  const live = {
    ...names,
    receiver: zeroAddress,
    receiverAuthorizer: zeroAddress,
    withdrawDelay: 86_400,
    minDeposit: "1",
  };
  const provider: Address = getAddress(numberToHex(index, { size: 20 }));
  const rest = { endpoint: `http://${index}`, region: "eu", bond: 10n ** 9n, isVerified: true, slashings: 0 };
  return { provider, model, live, ...rest, ...changes };
}

function context(
  policy: LivePolicy = {},
  records: ReadonlyMap<string, TrackRecord> = new Map(),
  random = () => 0.999,
): RoutingContext {
  const size = { bytes: 100, messages: 1, maxTokens: 100, expectedTokens: 100 };
  return { size, policy: fullPolicy(policy), records, dropped: new Map(), fate: { now: () => 1_000, random } };
}

describe("Routing", () => {
  const namesOf = (offers: readonly Offer[]) => offers.map(({ endpoint }) => endpoint);

  it("prefers the cheaper of two of which nothing is known", () => {
    const offers = [offer(1, { price: 2_000_000n }), offer(2)];
    expect(namesOf(rankOffers(offers, context()))).to.deep.equal(["http://2", "http://1"]);
  });

  it("prefers one that is fast over one that is a little cheaper, and by weight the other", () => {
    const [cheap, fast] = [offer(1), offer(2, { price: 1_100_000n })];
    const timing = (ms: number) => ({ firstTokenMs: ms, streamMs: 10 * ms, completionTokens: 100 });
    const records = new Map([
      [offerKey(cheap), withSuccess(NO_RECORD, timing(2_000))],
      [offerKey(fast), withSuccess(NO_RECORD, timing(100))],
    ]);
    expect(namesOf(rankOffers([cheap, fast], context({}, records)))[0]).to.equal("http://2");
    const thrifty = context({ weights: { latency: 0 } }, records);
    expect(namesOf(rankOffers([cheap, fast], thrifty))[0]).to.equal("http://1");
  });

  it("turns to others after failures, slashings, or for a preferred region", () => {
    const [a, b] = [offer(1), offer(2)];
    const failed = new Map([[offerKey(a), withFailure(NO_RECORD, 0)]]);
    expect(namesOf(rankOffers([a, b], context({}, failed)))[0]).to.equal("http://2");
    expect(namesOf(rankOffers([offer(1, { slashings: 1 }), b], context()))[0]).to.equal("http://2");
    const near = context({ regions: ["us"] });
    expect(namesOf(rankOffers([a, offer(2, { region: "us" })], near))[0]).to.equal("http://2");
  });

  it("gives the same order for the same time and chance, and now and then the least known first", () => {
    const offers = [offer(3), offer(1), offer(2)];
    expect(namesOf(rankOffers(offers, context()))).to.deep.equal(["http://1", "http://2", "http://3"]);
    const records = new Map(offers.slice(1).map((one) => [offerKey(one), withSuccess(NO_RECORD, undefined)]));
    expect(
      namesOf(
        rankOffers(
          offers,
          context({}, records, () => 0),
        ),
      )[0],
    ).to.equal("http://3");
  });

  it("says what stands in the way of an offer", () => {
    const obstacles: readonly (readonly [Offer, LivePolicy, Obstacle | undefined])[] = [
      [offer(1), {}, undefined],
      [offer(1), { providers: [] }, "EXCLUDED"],
      [offer(1), { exclude: [offer(1).provider.toLowerCase()] }, "EXCLUDED"],
      [offer(1, { isVerified: false }), { requireVerified: true }, "UNVERIFIED"],
      [offer(1), { maxOutputPrice: 999_999n }, "PRICE_TOO_HIGH"],
      [offer(1), { maxInputPrice: 1_000_000n }, undefined],
      [offer(1, { bond: 279_999n }), {}, "BOND_TOO_SMALL"],
      [offer(1, { bond: 280_000n }), {}, undefined],
      [offer(1, { bond: 1n }), { minBond: 1n }, undefined],
      [offer(1), { sealed: true }, "SEAL_MISSING"],
      [offer(1), { maxWithdrawDelay: 86_399 }, "WITHDRAW_DELAY_TOO_LONG"],
    ];
    for (const [one, policy, obstacle] of obstacles) {
      expect(obstacleOf(one, context(policy)), JSON.stringify(Object.keys(policy))).to.equal(obstacle);
    }
  });

  it("lets one that failed rest, twice as long each time in a row", () => {
    const once = withFailure(NO_RECORD, 1_000);
    const twice = withFailure(once, 1_000);
    expect([once.restsUntil, twice.restsUntil]).to.deep.equal([2_000, 3_000]);
    const resting = context({}, new Map([[offerKey(offer(1)), once]]));
    expect(obstacleOf(offer(1), resting)).to.equal("RESTING");
    expect(withSuccess(twice, undefined)).to.include({ restsUntil: 0, failuresInRow: 0 });
  });
});
