import { providerActions } from "@touchstone/sdk";
import { type OwnerAction, type Pricing, specToWire } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { createWalletClient, type Hex, http, type LocalAccount, zeroAddress } from "viem";
import { failureOf } from "../support/failure.ts";
import { SmallEngine } from "./support/engine.ts";
import { type NodeUnderTest, runNode, until } from "./support/running.ts";
import { accountAt, type JobWishes, prompts, World } from "./support/world.ts";

const DEAR = { pricePerItem: 1_000n, pricePerMillionInputTokens: 0n, pricePerMillionOutputTokens: 0n };
/** Of the settings, for two items: 2 x 100, and 16 tokens rounded up. */
const USUAL_PRICE = "201";
const DEAR_PRICE = "2000";

describe("a node and its owner", () => {
  let world: World;
  let engine: SmallEngine;
  let node: NodeUnderTest;
  let issuedAt: number;

  before(async () => {
    world = await World.start({ blockTime: 0.2 });
    engine = new SmallEngine();
    issuedAt = Math.floor(Date.now() / 1000) - 300;
    await start();
  });
  after(async () => {
    await node?.stop();
    await world?.close();
  });
  afterEach(async () => {
    await instruct("resume");
    await instruct("reset");
  });

  async function start(options: Parameters<typeof runNode>[3] = {}): Promise<void> {
    node = await runNode(world, [engine], {}, options);
    await until(() => node.health().isSynced, Boolean);
  }

  /** Signs an instruction, by default a second newer than the last. */
  function sign(
    action: OwnerAction,
    { by = world.provider, prices = DEAR, at = ++issuedAt, of = world.provider }: Partial<Wishes> = {},
  ) {
    const { client } = world.chain;
    const { market } = world;
    const wallet = createWalletClient({ account: by, chain: client.chain, transport: http(world.chain.rpcUrl) });
    const signer = wallet.extend(providerActions({ market }));
    const said = { provider: of.address, issuedAt: at };
    return signer.signInstruction(action === "prices" ? { ...said, action, prices } : { ...said, action });
  }
  interface Wishes {
    readonly by: LocalAccount;
    readonly prices: Pricing;
    readonly at: number;
    readonly of: LocalAccount;
  }

  const instruct = async (action: OwnerAction, wishes: Partial<Wishes> = {}) =>
    await node.owner.instruct(await sign(action, wishes));
  const refusalOf = async (action: OwnerAction, wishes: Partial<Wishes> = {}) =>
    (await failureOf(instruct(action, wishes))).code;

  /** Asks for a quote of a job of two items; with a price of zero the node names its lowest. */
  async function quote(wishes: JobWishes = {}) {
    const requests = prompts(2);
    await node.inputs.save(requests, 0);
    const spec = await world.spec(engine.model.id, { requests, provider: zeroAddress, price: 0n, ...wishes });
    return await node.desk.quote(specToWire(spec));
  }
  const stageOf = (id: Hex) => node.desk.progress(id)?.stage;
  const untilSettled = (id: Hex) =>
    until(
      () => stageOf(id),
      (stage) => stage === "settled",
    );
  async function post({ spec, quote: { job, validUntil }, signer, signature }: Awaited<ReturnType<typeof quote>>) {
    await world.as(world.buyer, "postAccepted", [
      { ...spec, price: BigInt(spec.price) },
      validUntil,
      signer,
      signature,
    ]);
    return job;
  }

  it("asks the prices of its settings, then those that its owner sets, until they are reset", async () => {
    expect((await quote()).spec.price).to.equal(USUAL_PRICE);
    expect(await instruct("prices")).to.deep.include({ drained: false, issuedAt, provider: world.provider.address });
    expect(node.owner.show()).to.deep.include({
      prices: { pricePerItem: "1000", pricePerMillionInputTokens: "0", pricePerMillionOutputTokens: "0" },
      settingsPrices: { pricePerItem: "100", pricePerMillionInputTokens: "1000", pricePerMillionOutputTokens: "1000" },
    });
    expect((await quote()).spec.price).to.equal(DEAR_PRICE);
    expect(await failureOf(quote({ price: 1_999n }))).to.include({ code: "PRICE_TOO_LOW" });
    await instruct("reset");
    expect((await quote()).spec.price).to.equal(USUAL_PRICE);
  });

  it("does a job at the price that it was quoted, though prices rose since", async () => {
    const quoted = await quote();
    await instruct("prices");
    const job = await post(quoted);
    await untilSettled(job);
    expect(quoted.spec.price).to.equal(USUAL_PRICE);
  });

  it("measured what buyers got of the model", () => {
    expect(node.meter.of(engine.model.id)).to.include.keys("firstTokenMs", "tokensPerSecond", "since");
    expect(node.meter.of(engine.model.id)?.calls).to.be.at.least(2);
  });

  it("takes no new work when it is drained, finishes what it promised, and goes on when it may", async () => {
    const promised = await quote();
    expect((await instruct("drain")).drained).to.equal(true);
    expect(await failureOf(quote())).to.include({ code: "DRAINING", retryable: true });
    const order = await world.spec(engine.model.id, { requests: prompts(2) });
    const signature = await world.sign(order);
    expect(await failureOf(node.desk.order({ spec: specToWire(order), signature }))).to.include({ code: "DRAINING" });
    const open = await world.post(await world.spec(engine.model.id, { requests: prompts(2) }));
    const taken = await post(promised);
    await untilSettled(taken);
    expect(await world.storyOf(open)).to.deep.equal(["JobPosted"]);
    expect(node.health().isDraining).to.equal(false);
    expect((await instruct("resume")).drained).to.equal(false);
    await untilSettled(open);
  });

  it("remembers what its owner said when it starts again", async () => {
    await instruct("prices");
    await instruct("drain");
    await node.stop();
    await start();
    expect(node.owner.show()).to.deep.include({ drained: true, issuedAt });
    expect(await failureOf(quote())).to.include({ code: "DRAINING" });
    await instruct("resume");
    expect((await quote()).spec.price).to.equal(DEAR_PRICE);
  });

  it("follows an operator key too, and nobody else", async () => {
    expect((await instruct("drain", { by: world.operator })).drained).to.equal(true);
    expect(await refusalOf("resume", { by: world.buyer })).to.equal("INSTRUCTION_NOT_OWNER");
    const signed = await sign("resume", { by: world.buyer });
    const forged = { ...signed, signer: world.provider.address };
    expect((await failureOf(node.owner.instruct(forged))).code).to.equal("INSTRUCTION_SIGNATURE_INVALID");
    expect(node.owner.isDrained).to.equal(true);
  });

  it("takes none for another provider, though that one signed it", async () => {
    const other = accountAt(5);
    expect(await refusalOf("drain", { by: other, of: other })).to.equal("INSTRUCTION_FOREIGN");
  });

  it("takes each once, and none that is older than the last", async () => {
    const drain = await sign("drain");
    const resume = await sign("resume");
    await node.owner.instruct(drain);
    expect((await node.owner.instruct(drain)).drained).to.equal(true); // its answer was lost
    await node.owner.instruct(resume);
    expect((await failureOf(node.owner.instruct(drain))).code).to.equal("INSTRUCTION_REPLACED");
    expect(await refusalOf("drain", { at: issuedAt })).to.equal("INSTRUCTION_REPLACED");
    expect(node.owner.isDrained).to.equal(false);
    await node.stop();
    await start();
    expect((await failureOf(node.owner.instruct(drain))).code).to.equal("INSTRUCTION_REPLACED");
  });

  it("takes the newer of two that come at once, whichever comes first", async () => {
    const [drain, resume] = [await sign("drain"), await sign("resume")];
    await Promise.allSettled([node.owner.instruct(resume), node.owner.instruct(drain)]);
    expect(node.owner.isDrained).to.equal(false);
  });

  it("takes none that is old, or from the future, by its own clock", async () => {
    const now = Math.floor(Date.now() / 1000);
    expect(await refusalOf("drain", { at: now - 700 })).to.equal("INSTRUCTION_STALE");
    expect(await refusalOf("drain", { at: now + 120 })).to.equal("INSTRUCTION_STALE");
    await node.stop();
    await start({ wallClockError: 3_600 });
    expect(await refusalOf("drain")).to.equal("INSTRUCTION_STALE");
    await node.stop();
    await start();
  });

  it("takes none while nobody can say who may instruct it", async () => {
    const signed = await sign("drain");
    const gone = await World.start();
    const lone = await runNode(gone, [engine]);
    await until(() => lone.health().isSynced || gone.chain.client.mine({ blocks: 1 }), Boolean);
    const owner = createWalletClient({ account: gone.provider, chain: gone.chain.client.chain, transport: http() });
    const byOwner = await owner.extend(providerActions({ market: gone.market })).signInstruction({ action: "drain" });
    await gone.chain.stop();
    expect(await failureOf(lone.owner.instruct(byOwner))).to.include({ code: "RPC_UNAVAILABLE", retryable: true });
    expect(lone.owner.isDrained).to.equal(false);
    await lone.stop().catch(() => undefined);
    await node.owner.instruct(signed);
  });
});
