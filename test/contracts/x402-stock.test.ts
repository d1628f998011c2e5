import { computeChannelId, BatchSettlementEvmScheme as StockClient } from "@x402/evm/batch-settlement/client";
import { BatchSettlementEvmScheme as StockFacilitator } from "@x402/evm/batch-settlement/facilitator";
import { ExactEvmScheme as ExactClient } from "@x402/evm/exact/client";
import { ExactEvmScheme as ExactFacilitator } from "@x402/evm/exact/facilitator";
import { expect } from "chai";
import { type ChannelWorld, openChannelWorlds } from "./support/channels.ts";
import { AUTHORIZER, clientSigner, keyOf, paymentOf, RECEIVER, relaySigner, requirementsOf } from "./support/stock.ts";
import { usd, WALLET } from "./support/world.ts";

const newWorld = await openChannelWorlds();
const PRICE = usd(1);

/** A call that a stock client pays by a deposit into a new channel, and a stock facilitator brings to the chain. */
async function newPaid(world: ChannelWorld) {
  const facilitator = new StockFacilitator(relaySigner(world), keyOf(AUTHORIZER));
  const requirements = await requirementsOf(world, "batch-settlement", PRICE);
  const client = new StockClient(clientSigner(world));
  const { payload } = await client.createPaymentPayload(2, requirements);
  const settled = await facilitator.settle(paymentOf(requirements, payload), requirements);
  return { facilitator, requirements, payload, settled };
}

describe("An unmodified client and facilitator of @x402/evm", () => {
  it("name channels as the stand-in does", async () => {
    const { settlement, config } = await newWorld();

    expect(computeChannelId(config as never, 31_337)).to.equal(await settlement.getChannelId(config));
  });

  it("open a channel and pay into it", async () => {
    const world = await newWorld();

    const { settled, payload } = await newPaid(world);

    expect(settled).to.include({ success: true, amount: (5n * PRICE).toString() });
    const { channelId } = payload.voucher as { channelId: string };
    expect(await world.settlement.channels(channelId)).to.deep.equal([5n * PRICE, 0n]);
  });

  it("find what a channel holds, and pay on by vouchers", async () => {
    const world = await newWorld();
    const { facilitator, requirements } = await newPaid(world);
    const forgetful = new StockClient(clientSigner(world));

    const { payload } = await forgetful.createPaymentPayload(2, requirements);
    const verified = await facilitator.verify(paymentOf(requirements, payload), requirements);

    expect(payload.type).to.equal("voucher");
    expect(verified).to.deep.include({ isValid: true });
    expect(verified.extra).to.include({ balance: (5n * PRICE).toString(), totalClaimed: "0", withdrawRequestedAt: 0 });
  });

  it("are told of a voucher that another key signed", async () => {
    const world = await newWorld();
    const { facilitator, requirements, payload } = await newPaid(world);
    const voucher = { ...(payload.voucher as object), maxClaimableAmount: "2" };

    const verified = await facilitator.verify(
      paymentOf(requirements, { ...payload, type: "voucher", voucher }),
      requirements,
    );

    expect(verified.invalidReason).to.equal("invalid_batch_settlement_evm_voucher_signature");
  });

  it("claim, settle and give back the rest", async () => {
    const world = await newWorld();
    const { facilitator, requirements, payload } = await newPaid(world);
    const { channelConfig, voucher } = payload as { channelConfig: object; voucher: { signature: string } };
    const claim = {
      voucher: { channel: channelConfig, maxClaimableAmount: PRICE.toString() },
      signature: voucher.signature,
      totalClaimed: (PRICE / 2n).toString(),
    };
    const bring = (action: Record<string, unknown>) =>
      facilitator.settle(paymentOf(requirements, action), requirements);

    const claimed = await bring({ type: "claim", claims: [claim] });
    const swept = await bring({ type: "settle", receiver: keyOf(RECEIVER).address, token: requirements.asset });
    const rest = {
      amount: (5n * PRICE).toString(),
      refundNonce: "0",
      claims: [{ ...claim, totalClaimed: PRICE.toString() }],
    };
    const refunded = await bring({ ...payload, type: "refund", ...rest });

    expect(claimed.success).to.equal(true);
    expect(swept).to.include({ success: true, amount: (PRICE / 2n).toString() });
    expect(refunded).to.include({ success: true, amount: (4n * PRICE).toString() });
    expect(await world.token.balanceOf(world.payer)).to.equal(WALLET - PRICE);
    expect(await world.token.balanceOf(world.receiver)).to.equal(WALLET + PRICE / 2n);
  });

  it("pay a single call exactly, by an authorization that anyone may bring", async () => {
    const world = await newWorld();
    const facilitator = new ExactFacilitator(relaySigner(world));
    const requirements = await requirementsOf(world, "exact", PRICE);

    const { payload } = await new ExactClient(clientSigner(world)).createPaymentPayload(2, requirements);
    const payment = paymentOf(requirements, payload);
    const settled = await facilitator.settle(payment, requirements);
    const again = await facilitator.verify(payment, requirements);

    expect(settled.success).to.equal(true);
    expect(await world.token.balanceOf(world.receiver)).to.equal(WALLET + PRICE);
    expect(again.invalidReason).to.equal("invalid_exact_evm_nonce_already_used");
  });
});
