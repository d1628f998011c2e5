import { decodeOutput, type Frozen, freeze, type JobSpec, resultRoot, specToWire } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type Hex, zeroAddress } from "viem";
import { SmallEngine } from "./support/engine.ts";
import { type InputHost, startInputHost } from "./support/host.ts";
import { type NodeUnderTest, runNode, until } from "./support/running.ts";
import { accountAt, type JobWishes, prompts, World } from "./support/world.ts";

/** The code of the error that work ends with. */
async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return "none";
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
}

const WHOLE_LIFE = ["JobPosted", "JobAccepted", "JobSubmitted", "JobSettled"];

describe("a node on a chain", () => {
  let world: World;
  let host: InputHost;
  let engine: SmallEngine;
  let node: NodeUnderTest;
  let isBroken = false;

  before(async () => {
    world = await World.start({ blockTime: 0.2 });
    host = await startInputHost();
    engine = new SmallEngine({
      onGenerate: () => {
        if (isBroken) {
          throw new Error("the machine is broken");
        }
      },
    });
    node = await runNode(world, [engine]);
    await until(() => node.health().isSynced, Boolean);
  });

  afterEach(() => {
    isBroken = false;
  });

  after(async () => {
    await node?.stop();
    await host?.close();
    await world?.close();
  });

  const specOf = (wishes: JobWishes = {}) => world.spec(engine.model.id, wishes);
  const stageOf = (id: Hex) => node.desk.progress(id)?.stage;
  const untilStage = (id: Hex, stage: string) =>
    until(
      () => stageOf(id),
      (seen) => seen === stage,
    );
  const errorOf = (id: Hex) => node.desk.progress(id)?.error?.code;

  /** Fetches all outputs of a job as a buyer would: checked against the root that is on chain. */
  async function outputsOf(id: Hex) {
    const { root, provider, items } = node.desk.results(id)!;
    expect(resultRoot({ job: id, provider, items })).to.equal(root);
    const blobs = await Promise.all(items.map(({ outputHash }) => node.blobs.get(outputHash)));
    return blobs.map((bytes) => decodeOutput(bytes!));
  }

  it("takes a job that names it to its pay, the input fetched from the buyer's server", async () => {
    const requests = prompts(3);
    host.offer(requests);
    const before = await world.operatorNonce();
    const spec = await specOf({ requests });
    const id = await world.post(spec, host.url);
    await untilStage(id, "settled");
    expect(await world.storyOf(id)).to.deep.equal(WHOLE_LIFE);
    expect(await outputsOf(id)).to.have.length(3);
    expect(node.desk.progress(id)).to.include({ done: 3, items: 3 });
    expect(await world.operatorNonce()).to.equal(before + 3);
    const { balance, fees } = await world.read<{ balance: bigint; fees: bigint }>("accountOf", [spec.provider]);
    expect(balance + fees).to.equal(900_000_000n + spec.price);
  });

  it("takes a job that is open to all, the input uploaded before", async () => {
    const requests = prompts(2);
    await node.inputs.save(requests, 0);
    const id = await world.post(await specOf({ provider: zeroAddress, requests }));
    await untilStage(id, "settled");
  });

  it("quotes a price, and does the job when the buyer posts it accepted", async () => {
    const requests = prompts(2);
    await node.inputs.save(requests, 0);
    const template = specToWire(await specOf({ requests, provider: zeroAddress, price: 0n }));
    const { spec, quote, signer, signature } = await node.desk.quote(template);
    expect(spec).to.include({ provider: world.provider.address, price: "201" }); // 2 x 100 and 16 tokens, rounded up
    expect(signer).to.equal(world.operator.address);
    const posted = { ...spec, price: BigInt(spec.price) };
    await world.as(world.buyer, "postAccepted", [posted, quote.validUntil, signer, signature]);
    await untilStage(quote.job, "settled");
    expect(await world.storyOf(quote.job)).to.deep.equal(WHOLE_LIFE);
  });

  it("quotes the same job the same way again, and refuses what it does not hold", async () => {
    const requests = prompts(2);
    const template = specToWire(await specOf({ requests: prompts(5) }));
    expect(await codeOf(node.desk.quote(template))).to.equal("INPUT_UNKNOWN");
    await node.inputs.save(requests, 0);
    const wanted = specToWire(await specOf({ requests }));
    const [first, second] = [await node.desk.quote(wanted), await node.desk.quote(wanted)];
    expect(second).to.deep.equal(first);
    expect(await codeOf(node.desk.quote({ ...wanted, price: "1" }))).to.equal("PRICE_TOO_LOW");
    expect(await codeOf(node.desk.quote({ ...wanted, provider: accountAt(8).address }))).to.equal("WRONG_PROVIDER");
  });

  describe("with a signed order", () => {
    async function orderOf(wishes: JobWishes = {}) {
      const requests = wishes.requests ?? prompts(2);
      await node.inputs.save(requests, 0);
      const spec = await specOf({ ...wishes, requests });
      return { spec: specToWire(spec), signature: await world.sign(spec) };
    }

    it("shows no result before its one transaction is in the chain, and is paid", async () => {
      await world.as(world.buyer, "reserve", [1_000_000n]);
      const before = await world.operatorNonce();
      const order = await orderOf();
      const { job } = await node.desk.order(order);
      expect(await node.desk.order(order)).to.deep.equal({ job });
      const seen = await until(
        async () => ({ shown: node.desk.results(job) !== undefined, story: await world.storyOf(job) }),
        ({ shown }) => shown,
      );
      expect(seen.story.slice(0, 3)).to.deep.equal(WHOLE_LIFE.slice(0, 3));
      await untilStage(job, "settled");
      expect(await world.storyOf(job)).to.deep.equal(WHOLE_LIFE);
      expect(await world.operatorNonce()).to.equal(before + 2);
    });

    it("is refused without a reserve, with another's signature, for another provider or too late", async () => {
      expect(await codeOf(orderOf().then(node.desk.order.bind(node.desk)))).to.equal("RESERVE_TOO_LOW");
      await world.as(world.buyer, "reserve", [2_000_000n]);
      const forged = await orderOf();
      const other = await orderOf();
      const signature = other.signature;
      expect(await codeOf(node.desk.order({ ...forged, signature }))).to.equal("ORDER_SIGNATURE_INVALID");
      expect(await codeOf(node.desk.order(await orderOf({ provider: accountAt(8).address })))).to.equal(
        "WRONG_PROVIDER",
      );
      const acceptBy = (await world.now()) + 3;
      expect(await codeOf(node.desk.order(await orderOf({ acceptBy })))).to.equal("TOO_LATE");
      expect(await codeOf(node.desk.order(await orderOf({ challengeWindow: 31 })))).to.equal("SPEC_NOT_LISTABLE");
    });

    it("does not lean twice on the same reserve, nor on what is leaving it", async () => {
      isBroken = true; // The first order stays in work.
      const { amount } = await world.read<{ amount: bigint }>("reserveOf", [world.buyer.address]);
      const { job } = await node.desk.order(await orderOf({ price: amount }));
      expect(await codeOf(node.desk.order(await orderOf({ price: 1_000n })))).to.equal("RESERVE_TOO_LOW");
      isBroken = false;
      await untilStage(job, "settled");
      await world.as(world.buyer, "reserve", [1_000n]);
      await world.as(world.buyer, "requestRelease", [1n]);
      expect(await codeOf(node.desk.order(await orderOf({ price: 1_000n })))).to.equal("RESERVE_TOO_LOW");
    });
  });

  it("does two jobs at once", async () => {
    const [a, b] = [prompts(4, 30), prompts(4, 29)];
    await node.inputs.save(a, 0);
    await node.inputs.save(b, 0);
    const before = await world.operatorNonce();
    const first = await world.post(await specOf({ requests: a }));
    const second = await world.post(await specOf({ requests: b }));
    await untilStage(first, "settled");
    await untilStage(second, "settled");
    expect(await world.storyOf(first)).to.deep.equal(WHOLE_LIFE);
    expect(await world.storyOf(second)).to.deep.equal(WHOLE_LIFE);
    expect(await world.operatorNonce()).to.be.at.most(before + 6);
  });

  it("answers a bad item with what is wrong with it, and the good ones around it", async () => {
    const [good, other] = prompts(2);
    const requests = [good!, new TextEncoder().encode('{"prompt": "hello"}'), new Uint8Array([0xff]), other!];
    host.offer(requests);
    const id = await world.post(await specOf({ requests }), host.url);
    await untilStage(id, "settled");
    const outputs = await outputsOf(id);
    const codes = outputs.map((output) => ("error" in output ? output.error.code : output.finishReason));
    expect(codes).to.deep.equal(["length", "REQUEST_UNKNOWN_FIELD", "REQUEST_NOT_UTF8", "length"]);
  });

  it("lets pass what does not pay, comes too late, or is nowhere to be fetched", async () => {
    const acceptBy = (await world.now()) + 4;
    const offers: readonly (readonly [JobWishes, string])[] = [
      [{ price: 1n }, "PRICE_TOO_LOW"],
      [{ acceptBy }, "TOO_LATE"],
      [{ requests: prompts(7) }, "INPUT_NOWHERE"],
      [{ requests: prompts(2, 200), submitWithin: 6 }, "NOT_IN_TIME"],
    ];
    const before = await world.operatorNonce();
    await node.inputs.save(prompts(2, 200), 0);
    for (const [wishes, code] of offers) {
      const id = await world.post(await specOf(wishes));
      await until(
        () => errorOf(id),
        (seen) => seen !== undefined,
      );
      expect(errorOf(id)).to.equal(code);
    }
    expect(await world.operatorNonce()).to.equal(before);
  });

  it("does not accept a job whose server answers other bytes", async () => {
    const lying = await startInputHost();
    const requests = prompts(6, 3);
    lying.offer(requests);
    lying.corrupt();
    const id = await world.post(await specOf({ requests }), lying.url);
    await until(
      () => errorOf(id),
      (seen) => seen !== undefined,
    );
    expect(errorOf(id)).to.equal("INPUT_MISMATCH");
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted"]);
    await lying.close();
  });

  it("leaves a job alone that another provider took, or its buyer took back", async () => {
    const rival = accountAt(4);
    await world.enrol(rival);
    const taken = await specOf({ provider: zeroAddress, requests: prompts(6, 5) }); // Its input is never offered.
    const id = await world.post(taken, "http://127.0.0.1:1");
    await world.as(rival, "accept", [taken, rival.address]);
    await untilStage(id, "takenByOther");
    const cancelled = await specOf({ requests: prompts(6, 6) });
    const other = await world.post(cancelled, "http://127.0.0.1:1");
    await world.as(world.buyer, "cancel", [cancelled]);
    await untilStage(other, "refunded");
  });

  it("gives an accepted job back that its machine cannot do", async () => {
    isBroken = true;
    await node.inputs.save(prompts(2), 0);
    const id = await world.post(await specOf());
    await untilStage(id, "refunded");
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted", "JobAccepted", "JobRefunded"]);
    expect(errorOf(id)).to.equal("WORK_ABANDONED");
  });

  it("stops working on a job whose time is over, and lets anyone expire it", async () => {
    const away = { dataDir: `${world.folder}/slow`, landingSeconds: 0, drainTimeoutSeconds: 0 };
    const slow = new SmallEngine({ name: "slow", msPerToken: 5 });
    const second = await runNode(world, [slow], away);
    await until(() => second.health().isSynced, Boolean);
    const requests = prompts(2, 10);
    await second.inputs.save(requests, 0);
    const wanted: JobSpec = await world.spec(slow.model.id, { requests, submitWithin: 4 });
    const id = await world.post(wanted);
    await until(
      () => second.desk.progress(id)?.stage,
      (stage) => stage === "confirm" || stage === "execute",
    );
    await second.stop(); // It accepted, and then it is away for too long.
    const { since } = await world.read<{ since: number }>("jobOf", [id]);
    await until(
      () => world.now(),
      (now) => now >= since + 4,
    );
    const third = await runNode(world, [slow], away);
    await until(
      () => third.desk.progress(id)?.stage,
      (stage) => stage === "expired",
    );
    const frozen: Frozen = freeze(wanted, world.provider.address, false);
    await world.as(accountAt(7), "expire", [wanted, frozen]);
    await until(
      () => third.desk.progress(id)?.stage,
      (stage) => stage === "refunded",
    );
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted", "JobAccepted", "JobRefunded"]);
    await third.stop();
  });
});
