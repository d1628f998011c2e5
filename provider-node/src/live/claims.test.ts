import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { batchSettlementAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { decodeFunctionData, type Hex, numberToHex, zeroHash } from "viem";
import type { Call } from "../chain/submitter.ts";
import { systemClock } from "../clock.ts";
import { NodeError } from "../errors.ts";
import { silentLogger } from "../logger.ts";
import type { ChannelOnChain } from "../store/channels.ts";
import { openStore, type Store } from "../store/store.ts";
import { ChannelAccount } from "./account.ts";
import { Claims } from "./claims.ts";
import { Ledger } from "./ledger.ts";

const A = numberToHex(1, { size: 20 });
const START = 1_000_000;
const TERMS = {
  network: "eip155:1",
  asset: A,
  assetName: "T",
  assetVersion: "1",
  receiver: A,
  receiverAuthorizer: A,
  withdrawDelay: 86_400,
  minDeposit: "1",
};

describe("claims", () => {
  let dataDir: string;
  let store: Store;
  let ledger: Ledger;
  let claims: Claims;
  let now: number;
  /** Channels as the chain has them. */
  let chain: Map<Hex, ChannelOnChain>;
  /** Salts of the channels of each claim that was sent, and settlements. */
  let sent: (number[] | "settle")[];
  let refused: ReadonlySet<number>;
  let unsettled: bigint;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-claims-"));
    store = await openStore({ chainId: 1, market: A, provider: A, dataDir, maxBytes: 1_000, minFreeBytes: 0 });
    now = START;
    chain = new Map();
    sent = [];
    refused = new Set();
    unsettled = 0n;
    const channelOf = (id: Hex) => Promise.resolve(chain.get(id) as ChannelOnChain);
    const reader = { channelOf, unsettled: () => Promise.resolve(unsettled) };
    const clock = systemClock;
    ledger = new Ledger({ store, reader, clock, now: () => now });
    const habits = { claimValue: 1_000n, claimAgeSeconds: 3_600, terms: TERMS, logger: silentLogger };
    const signal = new AbortController().signal;
    claims = new Claims({ ...habits, store, ledger, reader, submitter: { send }, clock, now: () => now, signal });
  });

  afterEach(() => {
    store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** The contract, as far as claims matter. */
  function send({ data }: Call) {
    const { functionName, args } = decodeFunctionData({ abi: batchSettlementAbi, data });
    if (functionName !== "claim") {
      sent.push("settle");
      unsettled = 0n;
      return Promise.resolve({ hash: zeroHash, block: 1 });
    }
    const salts = args[0].map(({ voucher }) => Number(voucher.channel.salt));
    sent.push(salts);
    if (salts.some((salt) => refused.has(salt))) {
      return Promise.reject(new NodeError("TRANSACTION_REVERTED", "It says no."));
    }
    for (const { voucher, totalClaimed } of args[0]) {
      const before = chain.get(voucher.channel.salt) as ChannelOnChain;
      unsettled += totalClaimed - before.claimed;
      chain.set(voucher.channel.salt, { ...before, claimed: totalClaimed });
    }
    return Promise.resolve({ hash: zeroHash, block: 1 });
  }

  /** A channel that was charged so much, and is its own salt. */
  async function owing(salt: number, charged: bigint, changes: Partial<ChannelOnChain> = {}): Promise<Hex> {
    const id = numberToHex(salt, { size: 32 });
    const onChain = { balance: 10_000n, claimed: 0n, withdrawalAt: 0, refundNonce: 0n, ...changes };
    chain.set(id, onChain);
    const parties = { payer: A, payerAuthorizer: A, receiver: A, receiverAuthorizer: A, token: A };
    const config = { ...parties, withdrawDelay: 86_400, salt: id };
    const blank = { charged: 0n, ceiling: 0n, signature: "0x", reservedSeq: 0 } as const;
    const fresh = { id, config, ...onChain, ...blank, refund: undefined, unclaimedSince: undefined };
    const account = new ChannelAccount(fresh);
    const held = account.hold({ ceiling: charged, signature: "0x1234" }, charged);
    account.charge(held, charged, now);
    await store.commit(() => store.channels.put(account.row()));
    return id;
  }

  it("claims what a channel owes once that is worth it, and has it paid out", async () => {
    await owing(1, 999n);
    await owing(2, 1_000n);
    await claims.round(false);
    expect(sent).to.deep.equal([[2], "settle"]);
    await claims.round(false);
    expect(sent).to.have.lengthOf(2);
  });

  it("claims what is old, however small", async () => {
    await owing(1, 1n);
    now = START + 3_599;
    await claims.round(false);
    expect(sent).to.deep.equal([]);
    now = START + 3_600;
    await claims.round(false);
    expect(sent).to.deep.equal([[1], "settle"]);
  });

  it("claims at once what a payer owes who leaves", async () => {
    await owing(1, 1n);
    await owing(2, 1n, { withdrawalAt: START });
    await claims.round(false);
    expect(sent).to.deep.equal([[2], "settle"]);
  });

  it("claims everything when the node stops, and knows when nothing is left", async () => {
    await owing(1, 1n);
    await owing(2, 2n);
    expect(await claims.round(true)).to.equal(true);
    expect(sent).to.deep.equal([[1, 2], "settle"]);
  });

  it("leaves out a channel that the contract refuses, and lets it rest", async () => {
    for (const salt of [1, 2, 3]) {
      await owing(salt, 1_000n);
    }
    refused = new Set([2]);
    expect(await claims.round(true)).to.equal(true);
    expect(sent).to.deep.equal([[1, 2, 3], [1], [2], [3], "settle"]);
    await claims.round(true);
    expect(sent).to.have.lengthOf(5);
  });

  it("claims what is there of a channel that a reorg or its payer emptied, and is not held up by the rest", async () => {
    const id = await owing(1, 1_000n, { balance: 400n });
    expect(await claims.round(true)).to.equal(true);
    expect(chain.get(id)?.claimed).to.equal(400n);
    expect(ledger.known(id)?.unclaimed).to.equal(600n);
  });

  it("pays out what an earlier run claimed", async () => {
    unsettled = 5n;
    await claims.round(false);
    expect(sent).to.deep.equal(["settle"]);
  });

  it("sees more claimed than it charged as the sign of an old database: no number of that time comes again", async () => {
    const id = await owing(1, 100n);
    chain.set(id, { balance: 10_000n, claimed: 700n, withdrawalAt: 0, refundNonce: 0n });
    await claims.round(false);
    const account = ledger.known(id);
    expect(account?.charged).to.equal(700n);
    expect(account?.lastSeq).to.equal(START);
  });
});
