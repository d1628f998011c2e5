import path from "node:path";
import { marketAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { encodeFunctionData, type Hex, type LocalAccount, parseGwei } from "viem";
import { connect } from "../../../provider-node/src/chain/rpc.ts";
import { type Call, Submitter, type SubmitterOptions } from "../../../provider-node/src/chain/submitter.ts";
import { Wallet } from "../../../provider-node/src/chain/wallet.ts";
import { systemClock } from "../../../provider-node/src/clock.ts";
import { silentLogger } from "../../../provider-node/src/logger.ts";
import { openStore, type Store } from "../../../provider-node/src/store/store.ts";
import { type FaultyRpc, startFaultyRpc } from "./support/proxy.ts";
import { until } from "./support/running.ts";
import { accountAt, World } from "./support/world.ts";

/** The code of the error that work ends with. */
async function failureOf(work: Promise<unknown>): Promise<{ readonly code?: unknown; readonly details?: unknown }> {
  try {
    await work;
    return {};
  } catch (error) {
    return error as { readonly code?: unknown };
  }
}

describe("the submitter", () => {
  let world: World;
  let rpc: FaultyRpc;
  let store: Store;
  let life: AbortController;

  before(async () => {
    world = await World.start();
    rpc = await startFaultyRpc(world.chain.rpcUrl);
  });

  after(async () => {
    await rpc.close();
    await world.close();
  });

  let stores = 0;
  beforeEach(async () => {
    const { market, provider } = world;
    stores += 1;
    const dataDir = path.join(world.folder, `submitter-${stores}`);
    const identity = { chainId: world.chain.client.chain.id, market, provider: provider.address };
    store = await openStore({ ...identity, dataDir, maxBytes: 1, minFreeBytes: 0 });
    life = new AbortController();
    rpc.setFate(() => "pass");
  });

  afterEach(async () => {
    life.abort(new Error("end of test"));
    await world.chain.client.setAutomine(true);
    await world.chain.client.mine({ blocks: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    store.close();
  });

  function start({
    account = world.operator,
    ...options
  }: Partial<SubmitterOptions> & { readonly account?: LocalAccount } = {}): Submitter {
    life = new AbortController();
    const client = connect({ rpcUrls: [rpc.url], timeoutMs: 500 });
    const wallet = new Wallet(client, world.chain.client.chain.id, account);
    const habits = { maxFeePerGas: 10n ** 12n, stuckBlocks: 2, confirmations: 1, pollIntervalMs: 20 };
    const rest = { clock: systemClock, logger: silentLogger, signal: life.signal };
    return new Submitter({ wallet, intents: store.intents, ...habits, ...rest, ...options });
  }

  function card(uri: string): Call {
    const args = [world.provider.address, uri] as const;
    const data = encodeFunctionData({ abi: marketAbi, functionName: "updateProvider", args });
    return { purpose: `card:${uri}`, to: world.market, data };
  }

  /** Cards that were published since the chain began, and are still there. */
  async function published(): Promise<string[]> {
    const filter = { address: world.market, abi: marketAbi, eventName: "ProviderUpdated", fromBlock: 0n } as const;
    const logs = await world.chain.client.getContractEvents(filter);
    return logs.map(({ args }) => args.uri ?? "");
  }

  async function untilOpen(purpose: string): Promise<void> {
    await until(
      () => store.intents.latest(purpose)?.state,
      (state) => state === "open",
    );
  }

  const pooled = () => world.chain.client.getTxpoolStatus();
  const mine = (blocks: number) => world.chain.client.mine({ blocks });

  it("has a call mined once, however often it is asked for at the same time", async () => {
    const submitter = start();
    const before = await world.operatorNonce();
    const landings = await Promise.all([
      submitter.send(card("a")),
      submitter.send(card("a")),
      submitter.send(card("b")),
    ]);
    expect(landings[0]).to.deep.equal(landings[1]);
    expect(await world.operatorNonce()).to.equal(before + 2);
    expect((await published()).slice(-2).sort()).to.deep.equal(["a", "b"]);
  });

  it("waits until a transaction is as deep as it must be", async () => {
    const submitter = start({ confirmations: 3 });
    let isLanded = false;
    const landing = submitter.send(card("deep")).then((landed) => {
      isLanded = true;
      return landed;
    });
    await until(published, (uris) => uris.includes("deep"));
    await mine(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(isLanded).to.equal(false);
    await mine(1);
    expect((await landing).block).to.equal(Number(await world.chain.client.getBlockNumber()) - 2);
  });

  it("sends what was stored before a crash with the same nonce, once", async () => {
    const before = await world.operatorNonce();
    rpc.setFate(({ method }) => (method === "eth_sendRawTransaction" ? "fail" : "pass"));
    const first = failureOf(start().send(card("crash")));
    await untilOpen("card:crash");
    life.abort(new Error("crash"));
    await first;
    rpc.setFate(() => "pass");
    expect(await published()).not.to.include("crash");
    const second = start();
    second.resume();
    await second.send(card("crash"));
    expect(store.intents.latest("card:crash")).to.include({ nonce: before, state: "done" });
    expect((await published()).filter((uri) => uri === "crash")).to.have.length(1);
    expect(await world.operatorNonce()).to.equal(before + 1);
  });

  it("does not send twice when a transaction went out and the reply was lost", async () => {
    const before = await world.operatorNonce();
    rpc.setFate(({ method }) => (method === "eth_sendRawTransaction" ? "loseReply" : "pass"));
    await start().send(card("lost reply"));
    expect((await published()).filter((uri) => uri === "lost reply")).to.have.length(1);
    expect(await world.operatorNonce()).to.equal(before + 1);
  });

  it("goes on after the endpoint was gone, hung and failed in the middle of it", async () => {
    await world.chain.client.setAutomine(false);
    const landing = start().send(card("gone"));
    await until(pooled, ({ pending }) => pending > 0);
    for (const fate of ["refuse", "hang", "fail"] as const) {
      rpc.setFate(() => fate);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await mine(1);
    rpc.setFate(() => "pass");
    expect((await landing).block).to.be.greaterThan(0);
  });

  it("replaces a stuck transaction by one that bids a fifth more, with the same nonce", async () => {
    await world.chain.client.setAutomine(false);
    const submitter = start();
    const landing = submitter.send(card("stuck"));
    await until(pooled, ({ pending }) => pending > 0);
    const dear = { baseFeePerGas: parseGwei("50") };
    for (let round = 0; round < 20 && (store.intents.latest("card:stuck")?.attempts.length ?? 0) < 2; round++) {
      await world.chain.client.setNextBlockBaseFeePerGas(dear);
      await mine(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await world.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("1") });
    await mine(1);
    const { hash } = await landing;
    const { attempts, nonce } = store.intents.latest("card:stuck")!;
    expect(attempts.length).to.be.greaterThan(1);
    expect(attempts[1]!.maxFeePerGas * 10n >= attempts[0]!.maxFeePerGas * 12n).to.equal(true);
    expect((await world.chain.client.getTransaction({ hash })).nonce).to.equal(nonce);
    expect((await published()).filter((uri) => uri === "stuck")).to.have.length(1);
  });

  it("sends again what the pool dropped", async () => {
    await world.chain.client.setAutomine(false);
    const landing = start().send(card("dropped"));
    await until(pooled, ({ pending }) => pending > 0);
    const { hash } = store.intents.latest("card:dropped")!.attempts[0]!;
    await world.chain.client.dropTransaction({ hash });
    expect((await pooled()).pending).to.equal(0);
    await mine(2);
    await until(pooled, ({ pending }) => pending > 0);
    await mine(1);
    await landing;
    expect((await published()).filter((uri) => uri === "dropped")).to.have.length(1);
  });

  it("says when another process took its nonce, and takes the next one when asked again", async () => {
    await world.chain.client.setAutomine(false);
    const submitter = start();
    const first = failureOf(submitter.send(card("taken")));
    await until(pooled, ({ pending }) => pending > 0);
    const { nonce, attempts } = store.intents.latest("card:taken")!;
    await world.chain.client.dropTransaction({ hash: attempts[0]!.hash });
    await world.chain.client.sendTransaction({ account: world.operator, to: accountAt(9).address, nonce, value: 1n });
    await mine(1);
    expect(await first).to.include({ code: "NONCE_TAKEN", retryable: true });
    await world.chain.client.setAutomine(true);
    await submitter.send(card("taken"));
    expect(store.intents.latest("card:taken")).to.include({ nonce: nonce + 1, state: "done" });
  });

  it("gives two processes of one key a nonce each when they send at once", async () => {
    const other = await openStore({
      chainId: world.chain.client.chain.id,
      market: world.market,
      provider: world.provider.address,
      dataDir: path.join(world.folder, "other"),
      maxBytes: 1,
      minFreeBytes: 0,
    });
    const [ours, theirs] = [start(), start({ intents: other.intents })];
    const insist = async (submitter: Submitter, call: Call): Promise<Hex> => {
      for (;;) {
        const failure = await failureOf(submitter.send(call));
        if (failure.code === undefined) {
          return call.purpose as Hex;
        }
        expect(failure.code).to.equal("NONCE_TAKEN");
      }
    };
    await Promise.all(
      ["x", "y", "z"].flatMap((name) => [insist(ours, card(`our ${name}`)), insist(theirs, card(`their ${name}`))]),
    );
    const uris = await published();
    for (const name of ["our x", "our y", "our z", "their x", "their y", "their z"]) {
      expect(
        uris.filter((uri) => uri === name),
        name,
      ).to.have.length(1);
    }
    other.close();
  });

  it("sends a transaction again that a reorg dropped before it was deep enough", async () => {
    const before = await world.operatorNonce();
    const landing = start({ confirmations: 4 }).send(card("reorged"));
    await until(published, (uris) => uris.includes("reorged"));
    await world.chain.reorg(1);
    const mining = setInterval(() => void mine(1), 100);
    await until(published, (uris) => uris.includes("reorged"));
    await landing;
    clearInterval(mining);
    expect(store.intents.latest("card:reorged")).to.include({ nonce: before, state: "done" });
    expect((await published()).filter((uri) => uri === "reorged")).to.have.length(1);
  });

  it("sends it again with its old nonce when it was deep enough and a deeper reorg dropped it", async () => {
    const submitter = start();
    const before = await world.operatorNonce();
    await submitter.send(card("deeper"));
    await mine(2);
    await world.chain.reorg(4);
    expect(await published()).not.to.include("deeper");
    await submitter.send(card("deeper"));
    expect(store.intents.latest("card:deeper")).to.include({ nonce: before, state: "done" });
    expect((await published()).filter((uri) => uri === "deeper")).to.have.length(1);
  });

  it("does not send what the market would refuse, and says why", async () => {
    const before = await world.operatorNonce();
    const spec = await world.spec(`0x${"11".repeat(32)}`);
    const args = [spec, world.provider.address] as const;
    const data = encodeFunctionData({ abi: marketAbi, functionName: "accept", args });
    const failure = await failureOf(start().send({ purpose: "accept:none", to: world.market, data }));
    expect(failure.code).to.equal("TRANSACTION_REVERTED");
    expect(failure.details).to.include({ reason: "JobWrongStatus" });
    expect(store.intents.latest("accept:none")).to.equal(undefined);
    expect(await world.operatorNonce()).to.equal(before);
  });

  it("frees the nonce of a stuck transaction that the market would refuse by now", async () => {
    const spec = await world.spec(`0x${"12".repeat(32)}`);
    const id = await world.post(spec);
    await world.chain.client.setAutomine(false);
    const args = [spec, world.provider.address] as const;
    const data = encodeFunctionData({ abi: marketAbi, functionName: "accept", args });
    const failure = failureOf(start().send({ purpose: `accept:${id}`, to: world.market, data }));
    await until(pooled, ({ pending }) => pending > 0);
    const { nonce, attempts } = store.intents.latest(`accept:${id}`)!;
    await world.chain.client.dropTransaction({ hash: attempts[0]!.hash });
    const cancel = { account: world.buyer, address: world.market, abi: marketAbi, functionName: "cancel" } as const;
    await world.chain.client.writeContract({ ...cancel, args: [spec] });
    await mine(3);
    await until(() => store.intents.latest(`accept:${id}`)?.attempts.at(-1)?.isWithdrawal, Boolean);
    await until(pooled, ({ pending }) => pending > 0);
    await mine(1);
    expect((await failure).code).to.equal("TRANSACTION_REVERTED");
    expect(await world.operatorNonce()).to.equal(nonce + 1);
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted", "JobRefunded"]);
  });

  it("replaces what waits in the pool by the same call, though it would revert after itself", async () => {
    const spec = await world.spec(`0x${"13".repeat(32)}`);
    const id = await world.post(spec);
    await world.chain.client.setAutomine(false);
    const args = [spec, world.provider.address] as const;
    const data = encodeFunctionData({ abi: marketAbi, functionName: "accept", args });
    const landing = start({ stuckBlocks: 0 }).send({ purpose: `accept:${id}`, to: world.market, data });
    await until(
      () => store.intents.latest(`accept:${id}`)?.attempts.length ?? 0,
      (attempts) => attempts > 2,
    );
    await mine(1);
    await landing;
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted", "JobAccepted"]);
  });

  it("stores nothing and says so when the key has no coins for gas, or gas costs more than it may bid", async () => {
    const poor = accountAt(10);
    await world.as(world.provider, "setOperator", [poor.address, 2 ** 40 - 1]);
    await world.chain.client.setBalance({ address: poor.address, value: 1n });
    expect((await failureOf(start({ account: poor }).send(card("poor")))).code).to.equal("GAS_MONEY_MISSING");
    expect((await failureOf(start({ maxFeePerGas: 1n }).send(card("poor")))).code).to.equal("FEE_ABOVE_CAP");
    expect(store.intents.latest("card:poor")).to.equal(undefined);
  });

  it("says that the chain does not answer", async () => {
    rpc.setFate(() => "fail");
    expect(await failureOf(start().send(card("nobody")))).to.include({ code: "RPC_UNAVAILABLE", retryable: true });
  });
});
