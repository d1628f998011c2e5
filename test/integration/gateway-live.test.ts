import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import OpenAI, { toFile } from "openai";
import type { LocalAccount } from "viem";
import { type GatewayOptions, openKeys, type RunningGateway, startGateway } from "../../gateway/src/index.ts";
import { type Seller, startLiveWorld, startSeller } from "./live/support/seller.ts";
import type { World } from "./node/support/world.ts";

const MESSAGES = [{ role: "user" as const, content: "Tell a story" }];
const CHAT = { model: "small", messages: MESSAGES, max_tokens: 16 };

/** What `/usage` says of a call. */
interface Entry {
  readonly route: string;
  readonly receipt: string;
  readonly status: number;
  readonly amount: string;
  readonly provider: string;
  readonly isOpen: boolean;
  readonly completionTokens: number;
}

describe("the gateway on a market with a node that sells", function () {
  this.timeout(60_000);

  let world: World;
  let seller: Seller;
  let gateway: RunningGateway;
  let apiKey: string;

  const start = async (changes: Partial<GatewayOptions> = {}): Promise<RunningGateway> => {
    return await startGateway({
      account: world.buyer as LocalAccount,
      rpcUrls: [world.chain.rpcUrl],
      market: world.market,
      dataDir: path.join(world.folder, "gateway"),
      port: 0,
      pollIntervalMs: 50,
      ...changes,
    });
  };

  before(async () => {
    world = await startLiveWorld();
    seller = await startSeller(world, { msPerToken: 5 });
    gateway = await start();
    apiKey = gateway.apiKey!;
  });

  after(async () => {
    await gateway?.close();
    await seller?.stop();
    await world?.close();
  });

  const client = (key = apiKey) => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
  const last = async (): Promise<Entry> => {
    for (const end = Date.now() + 5_000; ; await sleep(20)) {
      const { last: entries } = (await (await fetch(`${gateway.url}/usage`)).json()) as { last: Entry[] };
      if ((entries[0] !== undefined && !entries[0].isOpen) || Date.now() > end) {
        return entries[0]!;
      }
    }
  };

  it("sells a chat to the official client, and books what its receipt says", async () => {
    const { data, response } = await client().chat.completions.create(CHAT).withResponse();
    expect(data.choices[0]!.message.content).to.match(/[a-z]+/);
    expect(response.headers.get("touchstone-served-by")).to.equal("market");
    expect(response.headers.get("touchstone-provider")).to.equal(seller.account.address);
    const entry = await last();
    expect(entry).to.include({ receipt: "checked", status: 200, provider: seller.account.address });
    expect(entry.completionTokens).to.equal(data.usage!.completion_tokens);
    expect(BigInt(entry.amount) > 0n).to.equal(true);
  });

  it("streams it", async () => {
    let text = "";
    let chunks = 0;
    for await (const part of await client().chat.completions.create({ ...CHAT, stream: true })) {
      text += part.choices[0]?.delta.content ?? "";
      chunks += 1;
    }
    expect(text).to.match(/[a-z]+/);
    expect(chunks).to.be.greaterThan(3);
    expect(await last()).to.include({ receipt: "checked", status: 200 });
  });

  it("ends the generation when the client leaves; what was made is paid and booked", async () => {
    const stream = await client().chat.completions.create({ ...CHAT, max_tokens: 200, stream: true });
    for await (const _part of stream) {
      stream.controller.abort();
    }
    const entry = await last();
    expect(entry.status).to.equal(499);
    expect(BigInt(entry.amount) > 0n).to.equal(true);
  });

  it("books a whole answer that the client does not wait for with what its provider may charge", async () => {
    const keys = openKeys(path.join(world.folder, "gateway"));
    const { key, kept } = keys.keys.add("hasty", {}, 0);
    const leave = new AbortController();
    const call = client(key).chat.completions.create({ ...CHAT, max_tokens: 200 }, { signal: leave.signal });
    setTimeout(() => leave.abort(), 300);
    expect(await call.catch((error: Error) => error.constructor.name)).to.equal("APIUserAbortError");
    expect(await last()).to.include({ status: 499, receipt: "none", provider: seller.account.address });
    expect(keys.spent(kept.id, Math.floor(Date.now() / 1000)).total > 0n).to.equal(true);
    keys.close();
  });

  it("keeps a key within its budget to the unit, however many calls it makes at once", async () => {
    const keys = openKeys(path.join(world.folder, "gateway"));
    const { key, kept } = keys.keys.add("poor", { budgetTotal: 1_000n }, 0);
    const calls = Array.from({ length: 20 }, () => client(key).chat.completions.create(CHAT));
    const ends = await Promise.allSettled(calls);
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as { code: string }] : []));
    expect(refused.length).to.be.within(1, 19);
    expect(new Set(refused.map(({ code }) => code))).to.deep.equal(new Set(["insufficient_quota"]));
    await last();
    expect(keys.spent(kept.id, Math.floor(Date.now() / 1000)).total <= 1_000n).to.equal(true);
    keys.close();
  });

  it("pays on through the same channel after it was started anew", async () => {
    const depositsOf = () => seller.node.live!.terms().minDeposit;
    await gateway.close();
    gateway = await start();
    expect(gateway.apiKey).to.equal(undefined);
    await client().chat.completions.create(CHAT);
    expect(await last()).to.include({ receipt: "checked", status: 200 });
    expect(depositsOf()).to.be.a("string");
  });

  it("says in OpenAI's words that nobody offers a model", async () => {
    const error = await client()
      .chat.completions.create({ ...CHAT, model: "unheard-of" })
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(OpenAI.NotFoundError).with.property("code", "MODEL_NOT_OFFERED");
    expect((await client().models.list()).data.map(({ id }) => id)).to.deep.equal(["small"]);
  });

  const story = (animal: string) => {
    const body = { model: "small", max_tokens: 8, messages: [{ role: "user", content: `A story about a ${animal}.` }] };
    return JSON.stringify({ custom_id: animal, method: "POST", url: "/v1/chat/completions", body });
  };
  const completed = async (one: OpenAI, ...animals: readonly string[]): Promise<OpenAI.Batch> => {
    const text = animals.map(story).join("\n");
    const file = await one.files.create({ file: await toFile(Buffer.from(text)), purpose: "batch" });
    const wish = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    let batch = await one.batches.create({ ...wish, input_file_id: file.id });
    for (const end = Date.now() + 20_000; batch.status !== "completed" && Date.now() < end; await sleep(100)) {
      batch = await one.batches.retrieve(batch.id);
    }
    expect(batch.status).to.equal("completed");
    return batch;
  };

  it("has a batch done by the node, as one job whose result lies on chain", async () => {
    const batch = await completed(client(), "fox", "owl", "hen");
    expect(batch.request_counts).to.deep.equal({ total: 3, completed: 3, failed: 0 });
    expect(batch.metadata).to.have.all.keys("touchstone_job", "touchstone_input_root", "touchstone_result_root");
    const text = await (await client().files.content(batch.output_file_id!)).text();
    const ids = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).custom_id);
    expect(ids).to.deep.equal(["fox", "owl", "hen"]);
    expect(await last()).to.include({ route: "batches", provider: seller.account.address, receipt: "checked" });
    const { touchstone_job: job, touchstone_input_root: root } = batch.metadata!;
    expect(await shown(`/inputs/${root}`, `/results/${job}`)).to.deep.equal([200, 200]);
  });

  it("sends batches encrypted where prompts may leave only so, and the node shows them to nobody else", async () => {
    const sealed = await start({ dataDir: path.join(world.folder, "sealed"), policy: { sealed: true } });
    const one = new OpenAI({ baseURL: `${sealed.url}/v1`, apiKey: sealed.apiKey!, maxRetries: 0 });
    const batch = await completed(one, "a secret fox");
    expect(batch.request_counts).to.include({ completed: 1 });
    await sealed.close();
    const { touchstone_job: job, touchstone_input_root: root } = batch.metadata!;
    expect(await shown(`/inputs/${root}`, `/results/${job}`)).to.deep.equal([404, 404]);
  });

  /** What the node answers to anyone who asks. */
  const shown = (...paths: readonly string[]) =>
    Promise.all(paths.map(async (one) => (await fetch(`${seller.url}${one}`)).status));
});
