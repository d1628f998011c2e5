import { expect } from "chai";
import { id as hashText, TypedDataEncoder } from "ethers";
import { claimBatchTypes, refundTypes, voucherTypes } from "../../client-sdk/src/protocol/generated/typed-data.ts";
import { asFields, claimOf, domainOfChannels, openChannelWorlds } from "./support/channels.ts";
import { usd } from "./support/world.ts";

const newWorld = await openChannelWorlds();
const CHANNEL = hashText("channel");

describe("What is signed for a payment channel", () => {
  it("is as EIP-712 has it: vouchers", async () => {
    const world = await newWorld();
    const message = { channelId: CHANNEL, maxClaimableAmount: usd(3) };

    expect(await world.settlement.getVoucherDigest(CHANNEL, usd(3))).to.equal(
      TypedDataEncoder.hash(await domainOfChannels(world), asFields(voucherTypes), message),
    );
  });

  it("is as EIP-712 has it: refunds", async () => {
    const world = await newWorld();
    const message = { channelId: CHANNEL, nonce: 7n, amount: usd(3) };

    expect(await world.settlement.getRefundDigest(CHANNEL, 7n, usd(3))).to.equal(
      TypedDataEncoder.hash(await domainOfChannels(world), asFields(refundTypes), message),
    );
  });

  it("is as EIP-712 has it: batches of claims, also of none", async () => {
    const world = await newWorld();
    const { settlement, config } = world;
    const channelId = await settlement.getChannelId(config);
    const claims = [await claimOf(world, { max: usd(2), total: usd(1) }), await claimOf(world, { max: usd(4) })];
    const entries = [
      { channelId, maxClaimableAmount: usd(2), totalClaimed: usd(1) },
      { channelId, maxClaimableAmount: usd(4), totalClaimed: usd(4) },
    ];
    const domain = await domainOfChannels(world);

    for (const count of [0, 1, 2]) {
      expect(await settlement.getClaimBatchDigest(claims.slice(0, count))).to.equal(
        TypedDataEncoder.hash(domain, asFields(claimBatchTypes), { claims: entries.slice(0, count) }),
      );
    }
  });
});
