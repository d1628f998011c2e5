import {
  buyerActions,
  finalizeChannelWithdraw,
  keptReceiptChecks,
  memoryChannelStore,
  requestChannelWithdraw,
  testTokenAbi,
  webChannelStore,
  webReceiptStore,
  webVoucherSigner,
} from "@touchstone/sdk";
import { expect } from "chai";
import type OpenAI from "openai";
import { type Address, createWalletClient, http } from "viem";
import { generatePrivateKey, privateKeyToAccount, toAccount } from "viem/accounts";
import { RoomyStorage } from "../../../client-sdk/src/live/store-samples.test.ts";
import type { World } from "../node/support/world.ts";
import { failureOf } from "../support/failure.ts";
import { refuse, TestWallet, type WalletHabits } from "../support/wallet.ts";
import { Buyers, type BuyerWishes, MESSAGES } from "./support/buyers.ts";
import { mint } from "./support/payer.ts";
import { type Seller, startLiveWorld, startSeller, verifyModel } from "./support/seller.ts";

const SIGNED = "eth_signTypedData_v4";
const newKey = () => privateKeyToAccount(generatePrivateKey());

describe("SDK, live: from a web page", () => {
  let world: World;
  let seller: Seller;
  let buyers: Buyers;
  before(async () => {
    world = await startLiveWorld();
    seller = await startSeller(world);
    buyers = new Buyers(world);
  });
  after(async () => {
    await buyers?.close();
    await seller?.stop();
    await world?.close();
  });

  /** A page whose wallet is the buyer's, with a session key. */
  function open(wishes: BuyerWishes = {}, habits: WalletHabits = {}) {
    const wallet = new TestWallet(world.chain.rpcUrl, world.buyer, habits);
    const page = buyers.open({ wallet: wallet.client(), voucherSigner: newKey(), ...wishes });
    const provider = seller.account.address;
    const topUp = (amount: bigint) => page.fetch.topUp({ provider, amount });
    const channel = async () => (await page.fetch.status()).channels[0];
    return { ...page, wallet, topUp, channel };
  }

  const tokensOf = (owner: Address): Promise<bigint> => {
    const call = { address: world.token, abi: testTokenAbi, functionName: "balanceOf", args: [owner] } as const;
    return world.chain.client.readContract(call);
  };

  const pass = async (seconds: number) => {
    await world.chain.client.increaseTime({ seconds });
    await world.chain.client.mine({ blocks: 1 });
  };

  const ask = (openai: OpenAI, content = "Tell a story") =>
    openai.chat.completions.create({ model: "small", messages: [{ role: "user", content }] });

  describe("with a session key", () => {
    it("has the wallet sign a deposit alone, and the key the rest; receipts are the wallet's", async () => {
      const { wallet, fetch, openai } = open();
      await ask(openai);
      await Promise.all([ask(openai, "one"), ask(openai, "two")]);
      expect(wallet.asked).to.deep.equal([SIGNED]);
      const receipts = await fetch.receipts();
      expect(receipts.map(({ faults }) => faults)).to.deep.equal([[], [], []]);
      expect(new Set(receipts.map(({ envelope }) => envelope.receipt.payer))).to.deep.equal(
        new Set([world.buyer.address]),
      );
    });

    it("gets the rest back by a refund that the key signs", async () => {
      const { wallet, fetch, openai } = open();
      await ask(openai);
      const [{ deposited, charged } = { deposited: 0n, charged: 0n }] = (await fetch.status()).channels;
      const before = await tokensOf(world.buyer.address);
      await fetch.close({ refund: true });
      expect((await tokensOf(world.buyer.address)) - before).to.equal(deposited - charged);
      expect(wallet.asked).to.deep.equal([SIGNED]);
    });

    it("is found again by the same key after a reload, and pays on", async () => {
      const [voucherSigner, name] = [newKey(), "reloaded"];
      const first = open({ voucherSigner, name });
      await ask(first.openai);
      const second = open({ voucherSigner, name }); // without a store: the chain and the provider say how it stands
      await ask(second.openai, "And now?");
      expect(second.wallet.asked).to.deep.equal([]);
      expect((await second.fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[]]);
    });

    it("brings a receipt to the court as the wallet, which is its payer", async () => {
      await verifyModel(world, seller.engine.model.id);
      const { wallet, fetch, openai } = open();
      await ask(openai);
      const [kept] = await fetch.receipts();
      const buyer = wallet.client().extend(buyerActions({ market: world.market }));
      const { job } = await buyer.bringReceipt({ envelope: kept!.envelope });
      expect(job).to.equal(kept?.job);
      expect((await buyer.getCase({ job, key: 0n })).job).to.equal(job);
    });
  });

  it("goes on after a reload with what the browser kept, and one tab at a time", async () => {
    const storage = new RoomyStorage();
    const stores = () => ({
      voucherSigner: webVoucherSigner(storage, "page"),
      channels: webChannelStore(storage, "page"),
      receipts: webReceiptStore(storage, "page"),
      name: "tab",
    });
    const first = open(stores());
    await ask(first.openai);
    const second = open(stores());
    const busy = await ask(second.openai).catch((error: unknown) => error);
    expect(busy).to.include({ status: 409, code: "STORE_BUSY" });
    await first.fetch.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ask(second.openai, "And now?");
    expect(second.wallet.asked).to.deep.equal([]);
    const lines = (await second.fetch.receipts()).flatMap(keptReceiptChecks);
    expect([lines.length, lines.every(({ isPassed }) => isPassed)]).to.deep.equal([18, true]);
    await second.fetch.close();
  });

  describe("by topping up", () => {
    it("opens a channel in one confirmation, which travels with the next call", async () => {
      const { wallet, openai, topUp, channel } = open();
      const { amount, channelId, until } = await topUp(20_000n);
      expect([amount, wallet.asked.length, until > Date.now() / 1_000]).to.deep.equal([20_000n, 1, true]);
      expect(await channel()).to.include({ channelId, toppedUp: 20_000n, deposited: 0n, spent: 0n, isPayable: true });
      await ask(openai);
      expect(await channel()).to.include({ toppedUp: 0n, deposited: 20_000n });
      await topUp(5_000n); // nothing is lacking, and it goes with the next call all the same
      await Promise.all([ask(openai, "one"), ask(openai, "two")]);
      expect(await channel()).to.include({ toppedUp: 0n, deposited: 25_000n });
      expect(wallet.asked.length).to.equal(2);
    });

    it("counts it against the budget at once", async () => {
      const { topUp, channel } = open({ budget: { total: 10_000n, perProvider: 9_000n } });
      await topUp(8_000n);
      expect(await failureOf(topUp(9_001n))).to.include({ code: "BUDGET_PROVIDER" });
      expect(await channel()).to.include({ toppedUp: 8_000n });
      await topUp(9_000n); // in place of the first
      expect(await channel()).to.include({ toppedUp: 9_000n });
    });

    it("changes nothing where the wallet refuses, or fails", async () => {
      const { topUp, channel, wallet, openai } = open({ budget: { total: 10_000n } });
      await topUp(8_000n);
      for (const [code, fail] of [
        ["WALLET_REFUSED", refuse],
        ["WALLET_FAILED", locked],
      ] as const) {
        wallet.habits.answer = onSigning(fail);
        expect(await failureOf(topUp(9_000n))).to.include({ code });
        expect(await channel()).to.include({ toppedUp: 8_000n, deposited: 0n });
      }
      wallet.habits.answer = undefined;
      await ask(openai);
      expect(await channel()).to.include({ toppedUp: 0n, deposited: 8_000n });
    });

    it("is void, and no longer counted, if no call comes in time", async () => {
      let now = Date.now();
      const { topUp, channel } = open({ fate: { now: () => now, random: Math.random } });
      const { until } = await topUp(8_000n);
      now = until * 1_000 - 1;
      expect(await channel()).to.include({ toppedUp: 8_000n });
      now += 1;
      expect(await channel()).to.include({ toppedUp: 0n, deposited: 0n, spent: 0n });
    });

    it("is signed anew where the call takes more", async () => {
      const dear = await startSeller(world, { price: 10_000_000n });
      const provider = dear.account.address;
      try {
        const { openai, fetch, channel, wallet } = open({ policy: { providers: [provider], deposit: 2_000n } });
        await fetch.topUp({ provider, amount: 1_000n });
        await ask(openai);
        expect(wallet.asked.length).to.equal(2);
        const { toppedUp, deposited } = (await channel()) ?? expect.fail();
        expect([toppedUp, deposited >= 2_000n, deposited < 3_000n]).to.deep.equal([0n, true, true]);
      } finally {
        await dear.stop();
      }
    });

    it("refuses less than the provider takes, and providers that sell nothing", async () => {
      const { topUp, fetch, wallet } = open();
      expect(await failureOf(topUp(999n))).to.include({ code: "CALL_INVALID" });
      const nobody = fetch.topUp({ provider: newKey().address, amount: 5_000n });
      expect(await failureOf(nobody)).to.include({ code: "NO_OFFER_FITS" });
      expect(wallet.asked).to.deep.equal([]);
    });
  });

  describe("with other trouble, and other means", () => {
    it("deposits as much at once as the policy says", async () => {
      const { openai, channel, wallet } = open({ policy: { deposit: 30_000n } });
      await ask(openai);
      await ask(openai, "And now?");
      expect([(await channel())?.deposited, wallet.asked.length]).to.deep.equal([30_000n, 1]);
    });

    it("says in its responses what the wallet did, and asks no other provider", async () => {
      const poor = newKey();
      const wrong = async (habits: WalletHabits, account = world.buyer) => {
        const wallet = new TestWallet(world.chain.rpcUrl, account, habits);
        const { openai } = open({ wallet: wallet.client() });
        const error = await openai.chat.completions.create({ model: "small", messages: MESSAGES }).catch((e) => e);
        return [error.status, error.code, wallet.asked.length];
      };
      expect(await wrong({ answer: onSigning(refuse) })).to.deep.equal([403, "WALLET_REFUSED", 1]);
      expect(await wrong({ chainId: 1 })).to.deep.equal([409, "CHAIN_MISMATCH", 0]);
      expect(await wrong({}, poor)).to.deep.equal([402, "TOKEN_BALANCE_LOW", 0]);
      await mint(world, poor);
      const { openai } = open({ wallet: poor });
      expect((await ask(openai)).choices).to.have.length(1);
    });

    it("gives who steals its session key nothing but calls that its channels pay for", async () => {
      const [session, name] = [newKey(), "robbed"];
      const robbed = open({ voucherSigner: session, name, policy: { deposit: 2_000n } });
      await ask(robbed.openai);
      const before = await tokensOf(world.buyer.address);
      const { signTypedData, signMessage, signTransaction } = session;
      const posing = toAccount({ address: world.buyer.address, signTypedData, signMessage, signTransaction });
      const thief = open({ wallet: posing, voucherSigner: session, name });
      expect((await ask(thief.openai, "Tell me another")).choices).to.have.length(1);
      const spend = async (): Promise<{ readonly code?: string }> => {
        for (;;) {
          const error = await ask(thief.openai, "word ".repeat(100)).then(
            () => undefined,
            (thrown) => thrown,
          );
          if (error !== undefined) {
            return error;
          }
        }
      };
      expect(await spend()).to.include({ code: "PROVIDERS_FAILED" }); // no deposit of the thief's is taken
      expect(await tokensOf(world.buyer.address)).to.equal(before);
      expect(await tokensOf(session.address)).to.equal(0n);
    });
  });

  // These move the clock on by a day, after which nothing is bought any more.
  describe("by the chain alone", () => {
    const [session, robbed] = [newKey(), memoryChannelStore()];
    before(async () => {
      await ask(open({ voucherSigner: session, channels: robbed }).openai);
    });

    it("loses nothing with a session key: the wallet withdraws what its channel has", async () => {
      const channels = memoryChannelStore();
      const first = open({ channels });
      await ask(first.openai);
      await first.fetch.close();
      const { fetch, openai, wallet } = open({ channels });
      await ask(openai);
      expect((await fetch.status()).channels.map(({ isPayable }) => isPayable)).to.deep.equal([false, true]);
      const requested = await fetch.withdraw();
      expect(requested.map(({ state }) => state)).to.deep.equal(["requested", "requested"]);
      expect(wallet.asked).to.deep.equal([SIGNED, "eth_sendTransaction", "eth_sendTransaction"]);
      await pass(86_401);
      expect((await fetch.withdraw()).map(({ state }) => state)).to.deep.equal(["withdrawn", "withdrawn"]);
    });

    it("pays the wallet what who steals its session key withdraws", async () => {
      const { client } = world.chain;
      const [channel = expect.fail()] = await robbed.load();
      await client.setBalance({ address: session.address, value: 10n ** 18n });
      const thief = createWalletClient({ account: session, chain: client.chain, transport: http(world.chain.rpcUrl) });
      const before = await tokensOf(world.buyer.address);
      const { config, deposited, charged } = channel;
      await requestChannelWithdraw(thief, { config, amount: deposited - charged });
      await pass(86_401);
      const { amount } = await finalizeChannelWithdraw(thief, { config });
      expect((await tokensOf(world.buyer.address)) - before).to.equal(amount);
      expect(await tokensOf(session.address)).to.equal(0n);
    });

    it("finds the channels again by the chain where the browser forgot them and their key", async () => {
      const { fetch, wallet } = open({ budget: { total: 10n ** 9n } });
      const found = await fetch.recover();
      expect(found).to.be.greaterThan(0);
      expect(await fetch.recover()).to.equal(0);
      const { channels, spent } = await fetch.status();
      expect(channels.map(({ isPayable }) => isPayable)).to.deep.equal(Array.from({ length: found }, () => false));
      expect(spent).to.equal(channels.reduce((sum, { charged }) => sum + charged, 0n));
      const before = await tokensOf(world.buyer.address);
      await fetch.withdraw();
      await pass(86_401);
      const back = await fetch.withdraw();
      expect(back.every(({ state }) => state === "withdrawn")).to.equal(true);
      const sum = back.reduce((total, { amount }) => total + amount, 0n);
      expect((await tokensOf(world.buyer.address)) - before).to.equal(sum);
      expect(wallet.asked.every((method) => method === "eth_sendTransaction")).to.equal(true);
      expect(await open().fetch.recover()).to.be.lessThan(found);
    });
  });
});

/** A habit that fails signatures. */
function onSigning(fail: () => never): (method: string) => void {
  return (method) => {
    if (method === SIGNED) {
      fail();
    }
  };
}

function locked(): never {
  throw new Error("locked");
}
