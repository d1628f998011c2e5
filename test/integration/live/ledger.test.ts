import path from "node:path";
import {
  BATCH_SETTLEMENT_ADDRESS,
  batchSettlementAbi,
  callSeed,
  checkReceipt,
  decodeSettleResponse,
  encodeRequest,
  type ReceiptEnvelope,
  receiptJob,
  requestHash,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { keccak256, numberToHex, stringToHex, zeroHash } from "viem";
import type { Admission, Ask, LiveCall, LiveDesk } from "../../../provider-node/src/live/desk.ts";
import { openStore } from "../../../provider-node/src/store/store.ts";
import { placeStandIns } from "../../../scripts/network/stand-ins.ts";
import { SmallEngine } from "../node/support/engine.ts";
import { type NodeUnderTest, runNode, settingsFor, until } from "../node/support/running.ts";
import { World } from "../node/support/world.ts";
import { mint, Payer, requiredBy } from "./support/payer.ts";

const RESOURCE = "http://127.0.0.1/v1/chat/completions";
/** A million prompt tokens cost as much as a million tokens of output: a token is a unit. */
const PRICES = { pricePerItem: 100n, pricePerMillionInputTokens: 1_000_000n, pricePerMillionOutputTokens: 1_000_000n };
/** What a call of ten prompt tokens costs at most that may write 90. */
const RESERVE = 200n;
const DEPOSIT = 100_000n;
const TOKENS = Array.from({ length: 20 }, (_, index) => index);
const OUTPUT = { finishReason: "stop" as const, promptTokens: 10, text: "river fox", tokens: TOKENS };
const MADE = { output: OUTPUT, trace: new Uint8Array(), promptTokens: 10, completionTokens: 20 };
/** What a call costs that wrote {@link MADE}. */
const CHARGE = 130n;

describe("the live lane's money", () => {
  let world: World;
  let node: NodeUnderTest;
  let desk: LiveDesk;
  const engine = new SmallEngine();

  before(async () => {
    world = await World.start();
    await placeStandIns(world.chain.rpcUrl);
    await mint(world, world.buyer);
    await start();
  });

  after(async () => {
    await node.stop();
    await world.close();
  });

  async function start(): Promise<void> {
    node = await runNode(world, [engine], { ...PRICES, live: true });
    desk = node.live!;
    await until(
      () => node.health().isSynced,
      (isSynced) => isSynced,
    );
  }

  const bytesOf = (text: string) => encodeRequest({ messages: [{ role: "user", content: text }] });

  function ask(payment: string | undefined, text = "Tell of a river", changes: Partial<Ask> = {}): Promise<Admission> {
    const measured = { promptTokens: 10, maxTokens: 90 };
    return desk.admit({
      model: engine.model.id,
      bytes: bytesOf(text),
      ...measured,
      payment,
      resource: RESOURCE,
      ...changes,
    });
  }

  async function admitted(payment: string, text?: string): Promise<LiveCall> {
    const admission = await ask(payment, text);
    if (admission.kind !== "admitted") {
      throw new Error(JSON.stringify(admission, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
    }
    return admission.call;
  }

  async function refusal(payment: string | undefined, text?: string, changes?: Partial<Ask>) {
    const admission = await ask(payment, text, changes);
    if (admission.kind !== "refused") {
      throw new Error(`It is ${admission.kind}`);
    }
    return admission;
  }

  /** A payer whose channel has money, after a first call. */
  async function opened(deposit = DEPOSIT): Promise<Payer> {
    const payer = await Payer.stranger(world, desk);
    await (await admitted(await payer.deposit(deposit, RESERVE))).finish(MADE);
    return payer;
  }

  it("says what a call costs at most and how to pay, before anything is paid", async () => {
    const { status, code, ...rest } = await refusal(undefined);
    expect({ status, code }).to.deep.equal({ status: 402, code: "PAYMENT_REQUIRED" });
    const required = requiredBy({ status, code, ...rest });
    const [channel, exact] = required.accepts;
    const { receiver, receiverAuthorizer, asset } = desk.terms();
    expect(channel).to.deep.include({ scheme: "batch-settlement", amount: "200", asset, payTo: receiver });
    expect(channel!.extra).to.deep.include({ receiverAuthorizer, withdrawDelay: 86_400, minDeposit: "10000" });
    expect(exact).to.deep.include({ scheme: "exact", amount: "1000" });
    expect(exact!.extra).to.have.property("note");
    expect(required.resource.url).to.equal(RESOURCE);
  });

  it("takes a deposit, serves once it is mined, charges what was used and signs a receipt that holds", async () => {
    const payer = await Payer.stranger(world, desk);
    const call = await admitted(await payer.deposit(DEPOSIT, RESERVE));
    const seedOf = { requestHash: requestHash(bytesOf("Tell of a river")), provider: world.provider.address };
    expect(call.seed).to.equal(callSeed({ ...seedOf, channelId: payer.id, seq: 1n }));
    expect((await payer.onChain()).balance).to.equal(DEPOSIT);
    const { charged, envelope, paymentResponse } = await call.finish(MADE);
    expect(charged).to.equal(CHARGE);
    const response = decodeSettleResponse(paymentResponse);
    expect(response.transaction).to.match(/^0x[0-9a-f]{64}$/);
    expect(response.extra).to.deep.include({ chargedAmount: "130" });
    expect(response.extra?.channelState).to.deep.include({ balance: "100000", chargedCumulativeAmount: "130" });
    expect(await faultsOf(envelope, payer)).to.deep.equal([]);
  });

  async function faultsOf(envelope: ReceiptEnvelope, payer: Payer) {
    const chain = { chainId: world.chain.client.chain.id, market: world.market, lifetime: 86_400 };
    const parties = {
      provider: world.provider.address,
      payer: payer.config.payer,
      operators: [world.operator.address],
    };
    const received = { text: OUTPUT.text, finishReason: OUTPUT.finishReason, requestBytes: bytesOf("Tell of a river") };
    const call = { model: engine.model.id, channelId: payer.id, pricing: PRICES, reserve: RESERVE };
    const rest = { ...call, seq: { least: 1n, most: 1n }, charged: { least: 0n, most: 0n }, now: await world.now() };
    return checkReceipt(envelope, { ...chain, ...parties, ...received, ...rest });
  }

  it("lets calls of one channel run side by side, whichever voucher arrives first", async () => {
    const payer = await opened();
    const high = await admitted(await payer.voucher(CHARGE + 2n * RESERVE), "second");
    const low = await admitted(await payer.voucher(CHARGE + RESERVE), "first");
    expect([high.seq, low.seq]).to.deep.equal([2n, 3n]);
    const [one, two] = await Promise.all([low.finish(MADE), high.finish(MADE)]);
    expect([one.envelope.receipt.cumulative, two.envelope.receipt.cumulative].sort()).to.deep.equal([260n, 390n]);
  });

  it("tells a payer whose voucher does not reach how its channel stands, calls that run included", async () => {
    const payer = await opened();
    const running = await admitted(await payer.voucher(CHARGE + RESERVE), "one");
    const refused = await refusal(await payer.voucher(CHARGE + RESERVE + 1n), "two");
    expect(refused.code).to.equal("PAYMENT_TOO_LOW");
    const { extra } = requiredBy(refused).accepts[0]!;
    expect(extra?.channelState).to.deep.include({ chargedCumulativeAmount: "330", balance: "100000" });
    expect(extra?.voucherState).to.deep.include({ signedMaxClaimable: "330" });
    await running.fail();
    await (await admitted(await payer.voucher(CHARGE + RESERVE), "one")).finish(MADE);
  });

  it("answers the same payment for the same request again with the same answer, and for another with a 402", async () => {
    const payer = await opened();
    const payment = await payer.voucher(CHARGE + RESERVE);
    const call = await admitted(payment, "once");
    expect(await refusal(payment, "once")).to.deep.include({ status: 409, code: "CALL_RUNNING" });
    const settled = await call.finish(MADE);
    const replay = await ask(payment, "once");
    expect(replay).to.deep.include({ kind: "replay" });
    expect(replay.kind === "replay" && replay.settled.envelope).to.deep.equal(settled.envelope);
    expect((await refusal(payment, "other")).code).to.equal("PAYMENT_USED");
  });

  it("charges a reader who left for what was made, with a receipt that nobody can bring before the court", async () => {
    const payer = await opened();
    const call = await admitted(await payer.voucher(CHARGE + RESERVE), "cut");
    const { charged, envelope } = await call.cut({ promptTokens: 10, completionTokens: 5 });
    expect(charged).to.equal(115n);
    expect(envelope.receipt.resultRoot).to.equal(zeroHash);
    expect((await refusal(await payer.voucher(CHARGE + RESERVE), "cut")).code).to.equal("PAYMENT_USED");
  });

  it("keeps what a receipt is about under the hashes that it names", async () => {
    const payer = await opened();
    const call = await admitted(await payer.voucher(CHARGE + RESERVE), "kept");
    const { envelope } = await call.finish({ ...MADE, trace: new Uint8Array(52) });
    expect(keccak256((await node.blobs.get(envelope.receipt.requestHash))!)).to.equal(envelope.receipt.requestHash);
    expect(keccak256((await node.blobs.get(envelope.outputHash))!)).to.equal(envelope.outputHash);
    expect(envelope.traceRoot).not.to.equal(zeroHash);
    const chain = { chainId: world.chain.client.chain.id, market: world.market, lifetime: 86_400 };
    expect(receiptJob({ ...chain, receipt: envelope.receipt })).to.match(/^0x/);
  });

  it("charges nothing for its own failures, and takes the same payment again", async () => {
    const payer = await opened();
    const payment = await payer.voucher(CHARGE + RESERVE);
    await (await admitted(payment, "failing")).fail();
    const { envelope } = await (await admitted(payment, "failing")).finish(MADE);
    expect(envelope.receipt.cumulative).to.equal(2n * CHARGE);
  });

  describe("refuses", () => {
    const refused: Readonly<Record<string, readonly [string, (payer: Payer) => Promise<string> | string]>> = {
      "what is no payment": ["PAYMENT_INVALID", () => "bm90IEpTT04="],
      "a deposit below the least": ["DEPOSIT_TOO_LOW", (payer) => payer.deposit(9_999n, RESERVE)],
      "a deposit that is over": ["DEPOSIT_EXPIRED", (payer) => payer.deposit(DEPOSIT, RESERVE, 1)],
      "a deposit that its payer cannot make": ["DEPOSIT_REFUSED", (payer) => payer.deposit(10n ** 15n, RESERVE)],
      "a voucher of a channel without money": ["PAYMENT_TOO_LOW", (payer) => payer.voucher(RESERVE)],
      "a refund as payment": ["PAYMENT_INVALID", (payer) => payer.refund(0n)],
      "an exact payment that is too low": ["EXACT_VALUE", (payer) => payer.exact(999n, numberToHex(1, { size: 32 }))],
      "an exact payment that is over": ["EXACT_TIME", (payer) => payer.exact(1_000n, numberToHex(2, { size: 32 }), 1)],
    };
    for (const [name, [code, make]] of Object.entries(refused)) {
      it(name, async () => {
        const payer = await Payer.stranger(world, desk);
        expect((await refusal(await make(payer), "refused")).code).to.equal(code);
      });
    }

    const channels: Readonly<Record<string, readonly [string, ConstructorParameters<typeof Payer>[2]]>> = {
      "a channel for another receiver": ["PAYMENT_RECEIVER", { receiver: numberToHex(9, { size: 20 }) }],
      "a channel of another authorizer": ["PAYMENT_AUTHORIZER", { receiverAuthorizer: numberToHex(9, { size: 20 }) }],
      "a channel of another token": ["PAYMENT_TOKEN", { token: numberToHex(9, { size: 20 }) }],
      "a channel that could be emptied within a day": ["PAYMENT_DELAY", { withdrawDelay: 86_399 }],
      "a channel whose vouchers another key signs": [
        "PAYMENT_SIGNATURE",
        { payerAuthorizer: numberToHex(9, { size: 20 }) },
      ],
      "a channel that names no key for vouchers": [
        "PAYMENT_SIGNATURE",
        { payerAuthorizer: numberToHex(0, { size: 20 }) },
      ],
    };
    for (const [name, [code, wishes]] of Object.entries(channels)) {
      it(name, async () => {
        const payer = new Payer(world, desk, wishes);
        expect((await refusal(await payer.voucher(RESERVE))).code).to.equal(code);
      });
    }
  });

  it("takes authorizations that never end, however far away their payer writes the end", async () => {
    const payer = await Payer.stranger(world, desk);
    const payment = await payer.exact(1_500n, keccak256(stringToHex("endless")), 10 ** 30);
    expect((await (await admitted(payment, "endless")).finish(MADE)).charged).to.equal(1_500n);
  });

  it("takes an exact payment, all of it, and the same one again only for the same request", async () => {
    const before = await balanceOf(world.provider.address);
    const payer = await Payer.stranger(world, desk);
    const payment = await payer.exact(1_500n, keccak256(stringToHex("exact")));
    const call = await admitted(payment, "exact");
    expect((await balanceOf(world.provider.address)) - before).to.equal(1_500n);
    await call.fail();
    const { charged, envelope } = await (await admitted(payment, "exact")).finish(MADE);
    expect([charged, envelope.receipt.cumulative, envelope.receipt.seq]).to.deep.equal([1_500n, 1_500n, 1n]);
    expect((await ask(payment, "exact")).kind).to.equal("replay");
    expect((await refusal(payment, "other")).code).to.equal("PAYMENT_USED");
  });

  it("takes no exact payment again once its call is forgotten, though the authorization never ends", async () => {
    const payer = await Payer.stranger(world, desk);
    const payment = await payer.exact(1_500n, keccak256(stringToHex("forgotten")));
    await (await admitted(payment, "forgotten")).finish(MADE);
    await node.stop();
    const dataDir = path.join(settingsFor(world).dataDir, "store");
    const identity = { chainId: world.chain.client.chain.id, market: world.market, provider: world.provider.address };
    const store = await openStore({ ...identity, dataDir, maxBytes: 10 ** 9, minFreeBytes: 0 });
    expect(store.calls.prune((await world.now()) + 3_600).calls).to.be.greaterThan(0);
    store.close();
    await start();
    // A free call, and a second receipt with the same number: enough to have the provider's bond slashed.
    expect((await refusal(payment, "other")).code).to.equal("EXACT_REFUSED");
  });

  function balanceOf(address: `0x${string}`): Promise<bigint> {
    const abi = [
      {
        type: "function",
        name: "balanceOf",
        stateMutability: "view",
        inputs: [{ type: "address" }],
        outputs: [{ type: "uint256" }],
      },
    ] as const;
    return world.chain.client.readContract({ address: world.token, abi, functionName: "balanceOf", args: [address] });
  }

  it("gives the rest of a channel back when nothing runs, and goes on with what is left", async () => {
    const payer = await opened();
    const running = await admitted(await payer.voucher(CHARGE + RESERVE), "running");
    const busy = await desk.refund({ payment: await payer.refund(CHARGE), resource: RESOURCE });
    expect(busy).to.deep.include({ kind: "refused", code: "CHANNEL_BUSY" });
    await running.finish(MADE);
    const part = await desk.refund({ payment: await payer.refund(2n * CHARGE, 1_000n), resource: RESOURCE });
    expect(part.kind).to.equal("refunded");
    expect(await payer.onChain()).to.deep.equal({ balance: DEPOSIT - 1_000n, claimed: 2n * CHARGE });
    const all = await desk.refund({ payment: await payer.refund(2n * CHARGE), resource: RESOURCE });
    expect(all.kind === "refunded" && decodeSettleResponse(all.paymentResponse).success).to.equal(true);
    expect(await payer.onChain()).to.deep.equal({ balance: 2n * CHARGE, claimed: 2n * CHARGE });
    const none = await desk.refund({ payment: await payer.refund(2n * CHARGE), resource: RESOURCE });
    expect(none).to.deep.include({ kind: "refused", code: "REFUND_EMPTY" });
    const again = await admitted(await payer.deposit(DEPOSIT, 2n * CHARGE + RESERVE), "again");
    expect((await again.finish(MADE)).envelope.receipt.cumulative).to.equal(3n * CHARGE);
  });

  it("claims at once what a payer owes who asks for its money on chain, and serves it no more", async () => {
    const payer = await opened();
    await payer.leave(DEPOSIT - 1n);
    await until(
      () => payer.onChain(),
      ({ claimed }) => claimed === CHARGE,
    );
    expect((await refusal(await payer.voucher(CHARGE + RESERVE), "left")).code).to.equal("CHANNEL_LEAVING");
  });

  it("claims everything when it stops, has it paid out, and goes on where it was after the next start", async () => {
    const payer = await opened();
    const payment = await payer.voucher(CHARGE + RESERVE);
    const { envelope } = await (await admitted(payment, "before")).finish(MADE);
    await node.stop();
    expect((await payer.onChain()).claimed).to.equal(2n * CHARGE);
    const { receiver, asset } = desk.terms();
    const [claimed, settled] = await world.chain.client.readContract({
      address: BATCH_SETTLEMENT_ADDRESS,
      abi: batchSettlementAbi,
      functionName: "receivers",
      args: [receiver, asset],
    });
    expect(settled).to.equal(claimed);
    await start();
    const replay = await ask(payment, "before");
    expect(replay.kind === "replay" && replay.settled.envelope).to.deep.equal(envelope);
    const next = await (await admitted(await payer.voucher(2n * CHARGE + RESERVE), "after")).finish(MADE);
    expect(next.envelope.receipt.cumulative).to.equal(3n * CHARGE);
    expect(next.envelope.receipt.seq > envelope.receipt.seq).to.equal(true);
  });
});
