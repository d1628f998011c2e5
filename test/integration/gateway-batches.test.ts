import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { specFromWire, type WireJobSpec } from "@touchstone/sdk";
import { expect } from "chai";
import OpenAI, { toFile } from "openai";
import type { LocalAccount } from "viem";
import { openKeys, type RunningGateway, startGateway } from "../../gateway/src/index.ts";
import { type ContentServer, refusal, startContentServer } from "./support/content-server.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { cardOf, newProvider, type Person, PRICE, publish } from "./support/trade.ts";

const MODEL = "storyteller";
const WAIT_MS = 15_000;

/** The lines of a batch as a program would write them. */
function jsonl(...lines: readonly unknown[]): string {
  return lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
}

function line(id: string, content: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const body = { model: MODEL, messages: [{ role: "user", content }], ...more };
  return { custom_id: id, method: "POST", url: "/v1/chat/completions", body };
}

describe("the gateway's batches", function () {
  this.timeout(60_000);

  let world: World;
  let server: ContentServer;
  let provider: Person;
  let buyer: Person;
  let dataDir: string;
  let gateway: RunningGateway;
  let apiKey: string;

  const open = async () => {
    gateway = await startGateway({
      account: buyer.account as LocalAccount,
      rpcUrls: [world.rpcUrl],
      market: world.market,
      dataDir,
      port: 0,
      pollIntervalMs: 50,
    });
    apiKey = gateway.apiKey ?? apiKey;
  };
  const client = (key = apiKey) => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
  const send = async (text: string, key = apiKey) => {
    const file = await client(key).files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" });
    return client(key).batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: { project: "stories" },
    });
  };
  const until = async (id: string, wanted: (batch: OpenAI.Batch) => boolean, key = apiKey): Promise<OpenAI.Batch> => {
    for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(30)) {
      const batch = await client(key).batches.retrieve(id);
      if (wanted(batch)) {
        return batch;
      }
    }
    throw new Error(`The batch did not get there: ${JSON.stringify(await client(key).batches.retrieve(id))}`);
  };
  const isOver = ({ status }: OpenAI.Batch) => ["completed", "failed", "expired", "cancelled"].includes(status);
  const read = async (id: string | undefined): Promise<Record<string, never>[]> => {
    const text = await (await client().files.content(id!)).text();
    return text
      .trim()
      .split("\n")
      .map((one) => JSON.parse(one));
  };

  before(async () => {
    world = await startWorld();
    server = await startContentServer();
    provider = await newProvider(world);
    buyer = await world.newcomer(); // Tokens in the wallet alone: the gateway deposits what a job takes.
    dataDir = await mkdtemp(path.join(tmpdir(), "touchstone-gateway-"));
    server.answers.set("/card", cardOf(world, provider, server.url));
    server.answers.set("/quotes", async ({ spec }: { spec: WireJobSpec }) => {
      const offered = { ...specFromWire(spec), provider: provider.account.address, price: PRICE };
      return provider.signQuote({ spec: offered, validUntil: (await world.now()) + 60 });
    });
    await provider.updateProvider({ uri: `${server.url}/card` });
    await open();
  });

  after(async () => {
    await gateway?.close();
    await server?.stop();
    await world?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Does the job of a batch as a provider's node would. */
  const work = async (job: `0x${string}`, texts: readonly string[]) => {
    const outputs = texts.map((text) =>
      text === ""
        ? { error: { code: "PROMPT_TOO_LONG", message: "The prompt is too long." } }
        : { finishReason: "stop" as const, promptTokens: 7, text, tokens: [1, 2, 3] },
    );
    const resultRoot = publish(server, { job, provider: provider.account.address, outputs });
    await provider.submitResult({ job, resultRoot });
    return resultRoot;
  };
  const jobOf = (batch: OpenAI.Batch) => {
    const { jobs } = (batch as unknown as { touchstone: { jobs: { phase: string; job: `0x${string}` }[] } }).touchstone;
    return jobs[0]!;
  };
  const posted = async (id: string) => jobOf(await until(id, (batch) => jobOf(batch)?.phase === "posted")).job;

  it("become one job of the market; answers and errors come in OpenAI's files, roots in the batch", async () => {
    const { id } = await send(jsonl(line("a", "A fox."), line("b", "An owl."), line("c", "Much too long.")));
    const job = await posted(id);
    const root = await work(job, ["A fox slept.", "An owl woke.", ""]);
    const batch = await until(id, isOver);
    expect(batch).to.include({ status: "completed", object: "batch", endpoint: "/v1/chat/completions" });
    expect(batch.request_counts).to.deep.equal({ total: 3, completed: 2, failed: 1 });
    expect(batch.usage).to.include({ input_tokens: 14, output_tokens: 6, total_tokens: 20 });
    expect(batch.metadata).to.include({ project: "stories", touchstone_job: job, touchstone_result_root: root });
    const { spec } = await buyer.getJob({ job });
    expect(batch.metadata!.touchstone_input_root).to.equal(spec.input);

    const answers = await read(batch.output_file_id);
    expect(answers.map(({ custom_id }) => custom_id)).to.deep.equal(["a", "b"]);
    const [first] = answers as unknown as { response: { status_code: number; body: OpenAI.ChatCompletion } }[];
    expect(first!.response.status_code).to.equal(200);
    expect(first!.response.body.object).to.equal("chat.completion");
    expect(first!.response.body.choices[0]!.message.content).to.equal("A fox slept.");
    const errors = await read(batch.error_file_id);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.deep.include({ custom_id: "c", error: null });
    expect((errors[0] as unknown as { response: { status_code: number } }).response.status_code).to.equal(400);
  });
});
