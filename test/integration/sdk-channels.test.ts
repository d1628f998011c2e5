import {
  BATCH_SETTLEMENT_ADDRESS,
  batchSettlementAbi,
  buyerActions,
  type ChannelConfig,
  channelId,
  MIN_WITHDRAW_DELAY,
  voucherTypedData,
} from "@touchstone/sdk";
import { expect } from "chai";
import { zeroHash } from "viem";
import { placeStandIns } from "../../scripts/network/stand-ins.ts";
import { failureOf } from "./support/failure.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import type { Person } from "./support/trade.ts";

const CHAIN = 31_337;
const DEPOSIT = 1_000_000n;

describe("SDK: payment channels", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  /** A channel between two newcomers. */
  async function newChannel(): Promise<{ payer: Person; receiver: Person; config: ChannelConfig }> {
    const [payer, receiver] = [await world.newcomer(), await world.newcomer()];
    const { address } = payer.account;
    const sides = { receiver: receiver.account.address, receiverAuthorizer: receiver.account.address };
    const terms = { token: world.token, withdrawDelay: MIN_WITHDRAW_DELAY, salt: zeroHash };
    return { payer, receiver, config: { payer: address, payerAuthorizer: address, ...sides, ...terms } };
  }

  /** The receiver claims all of a voucher. */
  async function claim(payer: Person, receiver: Person, config: ChannelConfig, maxClaimableAmount: bigint) {
    const voucher = { channelId: channelId({ chainId: CHAIN, config }), maxClaimableAmount };
    const signature = await payer.signTypedData(voucherTypedData({ chainId: CHAIN, voucher }));
    const claimed = { voucher: { channel: config, maxClaimableAmount }, signature, totalClaimed: maxClaimableAmount };
    const call = { address: BATCH_SETTLEMENT_ADDRESS, abi: batchSettlementAbi } as const;
    const hash = await receiver.writeContract({ ...call, functionName: "claim", args: [[claimed]] });
    expect((await receiver.waitForTransactionReceipt({ hash })).status).to.equal("success");
  }

  it("are missed where a chain has none, before any money moves", async () => {
    const { payer, config } = await newChannel();
    expect(await failureOf(payer.getChannel({ config }))).to.include({ code: "CHANNELS_MISSING", retryable: false });
    expect(await failureOf(payer.openChannel({ config, amount: DEPOSIT }))).to.include({ code: "CHANNELS_MISSING" });
    await placeStandIns(world.rpcUrl);
  });

  it("are opened and topped up by the payer's own transactions", async () => {
    const { payer, config } = await newChannel();
    const id = channelId({ chainId: CHAIN, config });
    const nothing = { channelId: id, balance: 0n, totalClaimed: 0n, refundNonce: 0n, withdrawal: undefined };
    expect(await payer.getChannel({ config })).to.deep.equal(nothing);
    const before = await world.tokensOf(payer.account.address);
    expect(await payer.openChannel({ config, amount: DEPOSIT })).to.include({ channelId: id, balance: DEPOSIT });
    expect(await payer.openChannel({ config, amount: 7n })).to.include({ balance: DEPOSIT + 7n });
    expect(before - (await world.tokensOf(payer.account.address))).to.equal(DEPOSIT + 7n);
    expect(await payer.getChannel({ config })).to.deep.equal({ ...nothing, balance: DEPOSIT + 7n });
  });

  it("are opened by whoever brings the payer's signature, once and in time", async () => {
    const { payer, receiver, config } = await newChannel();
    const validBefore = (await world.now()) + 600;
    const deposit = await payer.signChannelDeposit({ config, amount: DEPOSIT, validBefore });
    expect(await receiver.openChannel({ deposit })).to.include({ balance: DEPOSIT });
    const again = await failureOf(receiver.openChannel({ deposit }));
    expect(again).to.include({ errorName: "AuthorizationUsedAlready", retryable: false });
    const late = await payer.signChannelDeposit({ config, amount: 1n, validBefore: await world.now() });
    expect(await failureOf(receiver.openChannel({ deposit: late }))).to.include({
      errorName: "AuthorizationNotInTime",
    });
    const raised = { ...(await payer.signChannelDeposit({ config, amount: 1n, validBefore })), amount: 2n };
    expect(await failureOf(receiver.openChannel({ deposit: raised }))).to.include({
      errorName: "AuthorizationInvalidSignature",
    });
    const foreign = receiver.signChannelDeposit({ config, amount: 1n, validBefore });
    expect(await failureOf(foreign)).to.include({ code: "CALL_INVALID" });
  });

  it("give back after their delay what claims left", async () => {
    const { payer, receiver, config } = await newChannel();
    await payer.openChannel({ config, amount: DEPOSIT });
    expect(await failureOf(payer.finalizeChannelWithdraw({ config }))).to.include({
      errorName: "WithdrawalNotPending",
    });
    const greedy = payer.requestChannelWithdraw({ config, amount: DEPOSIT + 1n });
    expect(await failureOf(greedy)).to.include({ errorName: "WithdrawAmountExceedsAvailable" });
    const { withdrawableAt } = await payer.requestChannelWithdraw({ config, amount: DEPOSIT });
    const requestedAt = await world.now();
    expect(withdrawableAt).to.equal(requestedAt + MIN_WITHDRAW_DELAY);
    const { withdrawal } = await payer.getChannel({ config });
    expect(withdrawal).to.deep.equal({ amount: DEPOSIT, requestedAt, withdrawableAt });
    const early = await failureOf(payer.finalizeChannelWithdraw({ config }));
    expect(early).to.include({ errorName: "WithdrawDelayNotElapsed", retryable: true });

    await claim(payer, receiver, config, 300_000n);
    await world.pass(MIN_WITHDRAW_DELAY);
    const before = await world.tokensOf(payer.account.address);
    expect(await payer.finalizeChannelWithdraw({ config })).to.include({ amount: 700_000n });
    expect((await world.tokensOf(payer.account.address)) - before).to.equal(700_000n);
    expect(await payer.getChannel({ config })).to.include({ balance: 300_000n, totalClaimed: 300_000n });
  });

  it("say in their own words what they refuse, whatever the market means by the same name", async () => {
    const { payer, receiver, config } = await newChannel();
    const refused = await failureOf(payer.openChannel({ config, amount: 0n }));
    expect(refused).to.include({ code: "CONTRACT_REVERT", errorName: "ZeroDeposit" });
    const theirs = await failureOf(receiver.requestChannelWithdraw({ config, amount: 1n }));
    expect(theirs).to.include({ errorName: "InvalidChannel" });
    const slow = { ...config, withdrawDelay: 1 };
    const refusedDelay = await failureOf(payer.openChannel({ config: slow, amount: 1n }));
    expect(refusedDelay).to.include({ errorName: "WithdrawDelayOutOfRange" });
    expect(refusedDelay.message).to.include(String(MIN_WITHDRAW_DELAY));
  });

  it("need no market", async () => {
    const { payer, config } = await newChannel();
    const elsewhere = payer.extend(buyerActions({ market: config.receiver }));
    expect(await elsewhere.openChannel({ config, amount: 5n })).to.include({ balance: 5n });
  });
});
