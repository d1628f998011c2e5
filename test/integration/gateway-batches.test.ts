import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { specFromWire, type WireJobSpec } from "@touchstone/sdk";
import Sqlite from "better-sqlite3";
import { expect } from "chai";
import OpenAI, { toFile } from "openai";
import { bytesToHex, type HDAccount, type LocalAccount } from "viem";
import { openKeys, type RunningGateway, startGateway } from "../../gateway/src/index.ts";
import { writeKeystore } from "../../provider-node/src/keystore.ts";
import { type ContentServer, refusal, startContentServer } from "./support/content-server.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { cardOf, newProvider, type Person, PRICE, publish } from "./support/trade.ts";

const MODEL = "storyteller";
const WAIT_MS = 15_000;
const MAIN = path.join(import.meta.dirname, "../../provider-node/src/main.ts");
const PASSWORD = "buyer's password";
/** Cheap to open. */
const SCRYPT_N = 1_024;

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
  /** Of the command line; the gateway's own is within. */
  let root: string;
  let dataDir: string;
  let gateway: RunningGateway;
  let apiKey: string;
  let child: ChildProcess | undefined;

  const open = async () => {
    gateway = await startGateway({
      account: buyer.account as LocalAccount,
      rpcUrls: [world.rpcUrl],
      market: world.market,
      dataDir,
      port: 0,
      pollIntervalMs: 20,
    });
    apiKey = gateway.apiKey ?? apiKey;
  };
  const client = (key = apiKey) => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
  const send = async (text: string, key = apiKey) => {
    const file = await client(key).files.create({
      file: await toFile(Buffer.from(text), "in.jsonl"),
      purpose: "batch",
    });
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
    root = await mkdtemp(path.join(tmpdir(), "touchstone-gateway-"));
    dataDir = path.join(root, "gateway");
    server.answers.set("/card", cardOf(world, provider, server.url));
    server.answers.set("/quotes", async ({ spec }: { spec: WireJobSpec }) => {
      const offered = { ...specFromWire(spec), provider: provider.account.address, price: PRICE };
      return provider.signQuote({ spec: offered, validUntil: (await world.now()) + 60 });
    });
    await provider.updateProvider({ uri: `${server.url}/card` });
    await open();
  });

  after(async () => {
    child?.kill("SIGKILL"); // Only where a test failed before it did.
    await gateway?.close();
    await server?.stop();
    await world?.stop();
    await rm(root, { recursive: true, force: true });
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

  it("go on after the gateway was stopped between the post and the result", async () => {
    const { id } = await send(jsonl(line("a", "A fox.")));
    const job = await posted(id);
    await gateway.close();
    await work(job, ["A fox slept."]);
    await open();
    const batch = await until(id, isOver);
    expect(batch.status).to.equal("completed");
    expect(jobOf(batch)).to.include({ job, phase: "fetched" });
    expect(await read(batch.output_file_id)).to.have.length(1);
  });

  it("go on after the gateway was stopped before anyone had made an offer", async () => {
    server.faults.set("/quotes", refusal(503, "AT_CAPACITY"));
    const { id } = await send(jsonl(line("a", "A fox.")));
    await until(id, ({ status }) => status === "in_progress");
    await gateway.close();
    server.faults.clear();
    await open();
    await work(await posted(id), ["A fox slept."]);
    expect((await until(id, isOver)).status).to.equal("completed");
  });

  it("post an offer once, whether or not the gateway saw its transaction mined", async () => {
    server.faults.set("/jobs", refusal(503, "AT_CAPACITY"));
    const { id } = await send(jsonl(line("a", "A fox.")));
    const job = await posted(id);
    await gateway.close();
    server.faults.clear();
    forgetPost(id);
    await open();
    expect(await posted(id)).to.equal(job);
    await work(job, ["A fox slept."]);
    const batch = await until(id, isOver);
    expect(batch.status).to.equal("completed");
    expect(jobOf(batch).job).to.equal(job);
  });

  it("go on after the gateway's process was killed", async () => {
    await gateway.close();
    const { url, kill } = await startProcess();
    gateway = { ...gateway, url };
    const { id } = await send(jsonl(line("a", "A fox."), line("b", "An owl.")));
    const job = await posted(id);
    await kill();
    await work(job, ["A fox slept.", "An owl woke."]);
    await open();
    const batch = await until(id, isOver);
    expect(batch.request_counts).to.deep.equal({ total: 2, completed: 2, failed: 0 });
    expect(jobOf(batch).job).to.equal(job);
  });

  it("buy good lines and tell of each bad one in the error file", async () => {
    const bad = [
      "{ no json",
      { ...line("a", "Again."), custom_id: "good" },
      { ...line("b", "x"), method: "GET" },
      { ...line("c", "x"), url: "/v1/embeddings" },
      line("d", "x", { stream: true }),
      line("e", "x", { model: "unheard-of" }),
      line("f", "x", { temperature: 9 }),
      { method: "POST", url: "/v1/chat/completions", body: {} },
    ];
    const { id } = await send(jsonl(line("good", "A fox."), ...bad));
    await work(await posted(id), ["A fox slept."]);
    const batch = await until(id, isOver);
    expect(batch.status).to.equal("completed");
    expect(batch.request_counts).to.deep.equal({ total: 9, completed: 1, failed: 8 });
    const errors = (await read(batch.error_file_id)) as unknown as { custom_id: string; error: { code: string } }[];
    expect(errors.map(({ custom_id, error }) => [custom_id, error.code])).to.deep.equal([
      [null, "invalid_json_line"],
      ["good", "duplicate_custom_id"],
      ["b", "invalid_method"],
      ["c", "invalid_url"],
      ["d", "invalid_value"],
      ["e", "model_not_found"],
      ["f", "invalid_request"],
      [null, "missing_required_parameter"],
    ]);
  });

  it("fail where no line is good, and say why line by line", async () => {
    const { id } = await send(jsonl(line("a", "x", { model: "unheard-of" }), "[]"));
    const batch = await until(id, isOver);
    expect(batch.status).to.equal("failed");
    expect(batch.errors!.data!.map(({ code, line: at }) => [code, at])).to.have.deep.members([
      ["invalid_json_line", 2],
      ["model_not_found", 1],
    ]);
  });

  it("can be cancelled as long as no provider has them", async () => {
    server.faults.set("/quotes", refusal(503, "AT_CAPACITY"));
    const { id } = await send(jsonl(line("a", "A fox.")));
    await until(id, ({ status }) => status === "in_progress");
    expect((await client().batches.cancel(id)).status).to.equal("cancelling");
    const batch = await until(id, isOver);
    server.faults.clear();
    expect(batch.status).to.equal("cancelled");
    const [error] = (await read(batch.error_file_id)) as unknown as { error: { code: string } }[];
    expect(error!.error.code).to.equal("batch_cancelled");
    const refused = await client()
      .batches.cancel(id)
      .catch((reason: unknown) => reason);
    expect(refused).to.be.instanceOf(OpenAI.APIError).with.property("code", "batch_not_cancellable");
  });

  it("are paid from the budget of their key, and refused above it", async () => {
    const open = openKeys(dataDir);
    const { key } = open.keys.add("poor", { budgetTotal: PRICE + 1n }, 0);
    const first = await send(jsonl(line("a", "A fox.")), key);
    const job = jobOf(await until(first.id, (batch) => jobOf(batch)?.phase === "posted", key)).job;
    await work(job, ["A fox slept."]);
    expect((await until(first.id, isOver, key)).request_counts).to.include({ completed: 1 });
    const second = await send(jsonl(line("a", "A fox.")), key);
    const batch = await until(second.id, isOver, key);
    expect(batch.request_counts).to.include({ completed: 0, failed: 1 });
    expect((jobOf(batch) as unknown as { error: { code: string } }).error.code).to.equal("insufficient_quota");
    const kept = open.keys.find(key)!;
    expect(open.spent(kept.id, Math.floor(Date.now() / 1000)).total).to.equal(PRICE);
    open.close();
    const mine = await client(key).batches.list();
    expect(mine.data.map(({ id }) => id)).to.deep.equal([second.id, first.id]);
    const hidden = await client()
      .batches.retrieve(first.id)
      .catch((reason: unknown) => reason);
    expect(hidden).to.be.instanceOf(OpenAI.NotFoundError);
  });

  it("cost nothing where the provider lets the job lapse: it is brought to its end, and the lines come back", async () => {
    const before = (await buyer.getAccount()).balance;
    const { id } = await send(jsonl(line("a", "A fox.")));
    const job = await posted(id);
    await world.pass(24 * 3_600);
    const batch = await until(id, isOver);
    expect(batch.request_counts).to.deep.equal({ total: 1, completed: 0, failed: 1 });
    const { ending } = await buyer.getJob({ job });
    expect(ending!.refund).to.equal(PRICE);
    expect((await buyer.getAccount()).balance >= before).to.equal(true);
    const usage = (await (await fetch(`${gateway.url}/usage`)).json()) as { last: { amount: string; route: string }[] };
    expect(usage.last[0]).to.include({ route: "batches", amount: "0" });
  });

  /** The gateway in a process of its own, on the same folder. */
  async function startProcess(): Promise<{ readonly url: string; kill(): Promise<void> }> {
    const { privateKey } = (buyer.account as HDAccount).getHdKey();
    await writeKeystore(path.join(root, "keys", "buyer.json"), bytesToHex(privateKey!), PASSWORD, SCRYPT_N);
    const settings = { rpcUrls: [world.rpcUrl], market: world.market, gatewayPort: 0, pollIntervalMs: 20 };
    await writeFile(path.join(root, "config.json"), JSON.stringify(settings));
    const env = { PATH: process.env.PATH ?? "", TOUCHSTONE_DATA_DIR: root, TOUCHSTONE_PASSWORD: PASSWORD };
    const started = spawn(process.execPath, [MAIN, "gateway", "start", "--json"], {
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    child = started;
    const exited = once(started, "exit");
    let said = "";
    for await (const chunk of started.stdout) {
      said += String(chunk);
      if (said.trimEnd().endsWith("}")) {
        break;
      }
    }
    const url = (JSON.parse(said) as { baseUrl: string }).baseUrl.replace(/\/v1$/, "");
    return {
      url,
      kill: async () => {
        started.kill("SIGKILL");
        await exited;
      },
    };
  }

  /** As a crash leaves a batch whose job was posted and not yet noted as such. */
  function forgetPost(id: string): void {
    const database = new Sqlite(path.join(dataDir, "gateway.sqlite"));
    const { state } = database.prepare("SELECT state FROM batch_jobs WHERE batch_id = ?").get(id) as { state: string };
    const before = JSON.stringify({ ...JSON.parse(state), phase: "quoted" });
    database.prepare("UPDATE batch_jobs SET state = ? WHERE batch_id = ?").run(before, id);
    database.close();
  }
});
