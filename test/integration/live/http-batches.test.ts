import { decodeEnvelope, encodeOutput, PAYMENT_SIGNATURE_HEADER } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import OpenAI, { toFile } from "openai";
import { keccak256, toBytes, zeroHash } from "viem";
import { placeStandIns } from "../../../scripts/network/stand-ins.ts";
import { SmallEngine, type SmallEngineOptions } from "../node/support/engine.ts";
import { type NodeUnderTest, runNode, settingsFor, until } from "../node/support/running.ts";
import { World } from "../node/support/world.ts";
import { jsonl, line, refusal, refused, type ShownBatch, stockFetch } from "./support/batches.ts";
import { type OpenNode, openNode } from "./support/open-node.ts";
import { mint, Payer } from "./support/payer.ts";

/** A token is a unit, an item a hundred. */
const PRICES = { pricePerItem: 100n, pricePerMillionInputTokens: 1_000_000n, pricePerMillionOutputTokens: 1_000_000n };
const MODEL = "small";
const MAX_ITEMS = 8;
const MAX_BODY = 4_096;
const STEP = 5_000n;
const OVER = ["completed", "failed", "expired", "cancelled"];

describe("files and batches of a node", () => {
  let world: World;
  const habits: { -readonly [Name in keyof SmallEngineOptions]: SmallEngineOptions[Name] } = {};
  const engine = new SmallEngine(habits);
  let node: NodeUnderTest;
  let shown: OpenNode;
  /** Pays as x402's own client does. */
  let stock: OpenAI;
  /** Pays nothing. */
  let guest: OpenAI;
  /** Pays what a test says. */
  let payer: Payer;
  let ceiling = 0n;

  before(async () => {
    world = await World.start();
    await placeStandIns(world.chain.rpcUrl);
    await mint(world, world.buyer);
    await open();
    payer = new Payer(world, node.live!);
    stock = client(await stockFetch(world));
  });

  beforeEach(() => {
    for (const name of ["onGenerate", "msPerToken"] as const) {
      delete habits[name];
    }
  });

  after(async () => {
    await shown.close();
    await node.stop();
    await world.close();
  });

  async function open(changes: object = {}) {
    const settings = { ...PRICES, live: true, maxItems: MAX_ITEMS, maxBodyBytes: MAX_BODY, ...changes };
    node = await runNode(world, [engine], settings);
    await until(() => node.health().isSynced, Boolean);
    shown = await openNode(node, [engine], { ...settingsFor(world), ...settings }, changes);
    guest = client(fetch);
  }

  const client = (pay: typeof fetch) =>
    new OpenAI({ baseURL: `${shown.url}/v1`, apiKey: "none", maxRetries: 0, fetch: pay });
  const upload = async (text: string, by = guest) =>
    await by.files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" });
  const ask = (id: string) =>
    ({ input_file_id: id, endpoint: "/v1/chat/completions", completion_window: "24h" }) as const;
  const shownBatch = async (id: string) => (await guest.batches.retrieve(id)) as ShownBatch;
  const over = (id: string) =>
    until(
      () => shownBatch(id),
      ({ status }) => OVER.includes(status),
    );
  const linesOf = async (id: string) =>
    (await (await guest.files.content(id)).text())
      .split("\n")
      .filter(Boolean)
      .map((one) => JSON.parse(one));

  /** A payment of the test's own channel. */
  async function payment(): Promise<string> {
    ceiling += STEP;
    return ceiling === STEP ? await payer.deposit(1_000_000n, ceiling) : await payer.voucher(ceiling);
  }

  const post = (path: string, body: unknown, header?: string) =>
    fetch(`${shown.url}/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(header && { [PAYMENT_SIGNATURE_HEADER]: header }) },
      body: JSON.stringify(body),
    });

  async function begin(text: string, header?: string): Promise<ShownBatch> {
    const response = await post("/batches", ask((await upload(text)).id), header ?? (await payment()));
    const batch = await response.json();
    expect(response.status, JSON.stringify(batch)).to.equal(200);
    return batch;
  }

  it("answers a batch for the official client with x402's own wallet, for one payment and one receipt", async () => {
    const before = node.health().live!.charged;
    const text = jsonl(line("a"), line("b", 4), "", line("c", 8, { logprobs: true }));
    const file = await upload(text, stock);
    expect(await (await guest.files.content(file.id)).text()).to.equal(text);
    const begun = (await stock.batches.create({ ...ask(file.id), metadata: { of: "tests" } })) as ShownBatch;
    expect(begun.touchstone.reserve).to.equal(String(3 * 100 + 3 * 2 + 20));
    const batch = await over(begun.id);
    expect([batch.status, batch.request_counts, batch.metadata]).to.deep.equal([
      "completed",
      { total: 3, completed: 3, failed: 0 },
      { of: "tests" },
    ]);
    const lines = await linesOf(batch.output_file_id!);
    expect(lines.map(({ custom_id }) => custom_id)).to.deep.equal(["a", "b", "c"]);
    const { status_code: status, body } = lines[1].response;
    expect([status, body.object, body.usage.completion_tokens, lines[1].error]).to.deep.equal([
      200,
      "chat.completion",
      4,
      null,
    ]);
    expect(body.choices[0].message.content.split(" ")).to.have.length(4);
    expect(batch.error_file_id).to.equal(null);
    expect([batch.touchstone.charged, node.health().live!.charged - before]).to.deep.equal(["326", 326n]);
  });

  it("gives a receipt over the input that binds the files, for the books and no court", async () => {
    const text = jsonl(line("a"), line("a"));
    const batch = await over((await begin(text)).id);
    const { receipt, outputHash } = decodeEnvelope(JSON.stringify(batch.touchstone.receipt));
    expect([receipt.requestHash, receipt.resultRoot]).to.deep.equal([keccak256(toBytes(text)), zeroHash]);
    const [output, errors] = await Promise.all(
      [batch.output_file_id!, batch.error_file_id!].map(async (id) =>
        keccak256(new Uint8Array(await (await guest.files.content(id)).arrayBuffer())),
      ),
    );
    const bound = { finishReason: "stop", promptTokens: 2, text: JSON.stringify({ output, errors }), tokens: [] };
    expect(outputHash).to.equal(keccak256(encodeOutput(bound as never)));
    expect(receipt.amount).to.equal(110n); // The second line was never valid.
  });

  it("asks for the price first, reads the file for that once, and takes nothing that is not paid", async () => {
    let reads = 0;
    const read = engine.read.bind(engine);
    engine.read = (...given) => {
      reads += 1;
      return read(...given);
    };
    const { id } = await upload(jsonl(line("a"), line("b")));
    expect(await refusal(post("/batches", ask(id)))).to.deep.equal([402, "PAYMENT_REQUIRED"]);
    const { accepts } = await (await post("/batches", ask(id))).json();
    expect([accepts[0].scheme, accepts[0].amount]).to.deep.equal(["batch-settlement", "220"]);
    expect(reads).to.equal(2);
    engine.read = read;
  });

  it("begins one batch for one payment, however often that is sent, and another file needs another", async () => {
    const header = await payment();
    const { id: file } = await upload(jsonl(line("a")));
    const [one, two] = [await post("/batches", ask(file), header), await post("/batches", ask(file), header)];
    const [first, again] = [await one.json(), await two.json()];
    expect(again.id).to.equal(first.id);
    const other = await upload(jsonl(line("b")));
    expect(await refusal(post("/batches", ask(other.id), header))).to.deep.equal([402, "PAYMENT_USED"]);
    await over(first.id);
    await guest.files.delete(file);
    expect((await (await post("/batches", ask(file), header)).json()).id).to.equal(first.id);
  });

  it("tells what is wrong with each line in the error file, and charges the good ones", async () => {
    const wrong = [
      "{",
      { ...line("url"), url: "/v1/embeddings" },
      line("stream", 8, { stream: true }),
      line("other", 8, { model: "gpt" }),
      line("field", 8, { n: 2 }),
    ];
    habits.onGenerate = ({ messages }) => {
      if (messages[0]!.content === "story broken") {
        throw new Error("the machine fails");
      }
    };
    const batch = await over((await begin(jsonl(...wrong, line("good"), line("broken")))).id);
    expect([batch.status, batch.request_counts]).to.deep.equal(["completed", { total: 7, completed: 1, failed: 6 }]);
    const errors = await linesOf(batch.error_file_id!);
    const told = errors.map(({ custom_id: id, response }) => [id, response.status_code, response.body.error.code]);
    expect(told).to.deep.equal([
      [null, 400, "LINE_NOT_JSON"],
      ["url", 400, "LINE_INVALID_FIELD"],
      ["stream", 400, "UNSUPPORTED_PARAMETER"],
      ["other", 404, "MODEL_NOT_FOUND"],
      ["field", 400, "REQUEST_INVALID_FIELD"],
      ["broken", 500, "INTERNAL"],
    ]);
    expect(batch.touchstone.charged).to.equal("110");
  });

  it("charges nothing where no line can be answered", async () => {
    const { id } = await upload(jsonl("{", line("x", 8, { model: "gpt" })));
    expect(await refusal(post("/batches", ask(id), await payment()))).to.deep.equal([400, "BATCH_EMPTY"]);
    habits.onGenerate = () => {
      throw new Error("the machine fails");
    };
    const batch = await over((await begin(jsonl(line("a")))).id);
    expect([batch.status, batch.touchstone.charged, batch.output_file_id]).to.deep.equal(["completed", null, null]);
  });

  it("charges a cancelled batch for the lines that were under way, and tells the others", async () => {
    habits.msPerToken = 20;
    const before = engine.seeds.length;
    const { id } = await begin(jsonl(...["a", "b", "c", "d", "e", "f"].map((name) => line(name))));
    await until(
      () => engine.seeds.length,
      (count) => count > before,
    );
    expect((await guest.batches.cancel(id)).status).to.equal("cancelling");
    const batch = await over(id);
    const { completed, failed } = batch.request_counts!;
    expect([batch.status, completed + failed]).to.deep.equal(["cancelled", 6]);
    expect(Math.min(completed, failed)).to.be.greaterThan(0);
    expect(batch.touchstone.charged).to.equal(String(completed * 110));
    const errors = await linesOf(batch.error_file_id!);
    expect(errors.map(({ error }) => error.code)).to.deep.equal(Array(failed).fill("batch_cancelled"));
    expect(await refused(guest.batches.cancel(id))).to.deep.equal([409, "BATCH_OVER"]);
  });

  it("lets calls go first", async () => {
    const order: string[] = [];
    const chat = { model: MODEL, messages: [{ role: "user", content: "now" }], max_tokens: 1 };
    const header = await payment();
    let call: Promise<Response> | undefined;
    habits.msPerToken = 10;
    habits.onGenerate = ({ messages }) => {
      order.push(messages[0]!.content);
      call ??= post("/chat/completions", chat, header);
    };
    const { id } = await begin(jsonl(...["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => line(name))));
    expect([(await over(id)).status, (await call!).status]).to.deep.equal(["completed", 200]);
    expect(order).to.have.length(9);
    expect(order.at(-1)).to.not.equal("now");
  });

  it("runs so many batches at once, and sends others away unpaid", async () => {
    habits.msPerToken = 20;
    const begun = [await begin(jsonl(line("a"))), await begin(jsonl(line("b")))];
    const { id } = await upload(jsonl(line("c")));
    const third = await post("/batches", ask(id));
    expect([third.status, (await third.json()).error.code]).to.deep.equal([429, "AT_CAPACITY"]);
    expect(Number(third.headers.get("retry-after"))).to.be.greaterThan(0);
    await Promise.all(begun.map((batch) => over(batch.id)));
    expect(await refusal(post("/batches", ask(id)))).to.deep.equal([402, "PAYMENT_REQUIRED"]);
  });

  it("takes files of a batch's size and form, and no others", async () => {
    const many = Array.from({ length: MAX_ITEMS + 1 }, (_, index) => line(`${index}`, 1));
    expect(await refused(upload(jsonl(...many)))).to.deep.equal([400, "BATCH_TOO_LONG"]);
    expect(await refused(upload("x".repeat(MAX_BODY + 1)))).to.deep.equal([413, "BODY_TOO_LARGE"]);
    expect(await refused(upload("\n\n"))).to.deep.equal([400, "FILE_EMPTY"]);
    const file = await toFile(Buffer.from([0xff]), "in.jsonl");
    expect(await refused(guest.files.create({ file, purpose: "batch" }))).to.deep.equal([400, "FILE_NOT_UTF8"]);
    expect(await refused(guest.files.create({ file, purpose: "fine-tune" }))).to.deep.equal([400, "FILE_PURPOSE"]);
    expect(await refusal(post("/files", {}))).to.deep.equal([415, "BODY_TYPE_UNSUPPORTED"]);
    const body = new FormData();
    body.set("purpose", "batch");
    const empty = fetch(`${shown.url}/v1/files`, { method: "POST", body });
    expect(await refusal(empty)).to.deep.equal([400, "FILE_MISSING"]);
  });

  it("refuses other endpoints, windows and fields, and outputs as inputs", async () => {
    const batch = await over((await begin(jsonl(line("a")))).id);
    for (const [field, code] of [
      [{ endpoint: "/v1/embeddings" }, [400, "REQUEST_INVALID_FIELD"]],
      [{ completion_window: "1h" }, [400, "REQUEST_INVALID_FIELD"]],
      [{ surprise: 1 }, [400, "REQUEST_INVALID_FIELD"]],
      [{ input_file_id: batch.output_file_id }, [404, "FILE_NOT_FOUND"]],
    ] as const) {
      expect(await refusal(post("/batches", { ...ask("file-1"), ...field }))).to.deep.equal(code);
    }
  });

  it("shows files and batches to who knows their ids alone, and lists none", async () => {
    const file = await upload(jsonl(line("a")));
    expect(file.id).to.match(/^file-[0-9a-f]{32}$/);
    const guess = file.id.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(await refused(guest.files.retrieve(guess))).to.deep.equal([404, "FILE_NOT_FOUND"]);
    expect(await refused(guest.files.content(guess))).to.deep.equal([404, "FILE_NOT_FOUND"]);
    expect(await refused(guest.files.delete(guess))).to.deep.equal([404, "FILE_NOT_FOUND"]);
    expect(await refused(guest.batches.retrieve("batch_1"))).to.deep.equal([404, "BATCH_NOT_FOUND"]);
    expect(await refused(guest.batches.cancel("batch_1"))).to.deep.equal([404, "BATCH_NOT_FOUND"]);
    expect(await refused(Promise.resolve(guest.files.list()))).to.deep.equal([404, "LISTING_NOT_OFFERED"]);
    expect(await refused(Promise.resolve(guest.batches.list()))).to.deep.equal([404, "LISTING_NOT_OFFERED"]);
    expect((await guest.files.retrieve(file.id)).id).to.equal(file.id);
    expect((await guest.files.delete(file.id)).deleted).to.equal(true);
    expect(await refused(guest.files.retrieve(file.id))).to.deep.equal([404, "FILE_NOT_FOUND"]);
  });

  describe("when a node stops", () => {
    it("finishes batches that run, and shows them after its next start", async () => {
      habits.msPerToken = 10;
      const { id } = await begin(jsonl(line("a"), line("b"), line("c")));
      const stopping = node.stop();
      expect(await refused(upload(jsonl(line("a"))))).to.deep.equal([503, "DRAINING"]);
      await stopping;
      await shown.close();
      await open();
      const batch = await shownBatch(id);
      expect([batch.status, batch.touchstone.charged]).to.deep.equal(["completed", "330"]);
      expect(await linesOf(batch.output_file_id!)).to.have.length(3);
    });

    it("fails batches that take longer than a stop may, for nothing: the payment is good again", async () => {
      await node.stop();
      await shown.close();
      await open({ drainTimeoutSeconds: 0 });
      habits.msPerToken = 500;
      const header = await payment();
      const text = jsonl(line("a"));
      const { id } = await begin(text, header);
      await until(
        () => node.health().live!.running,
        (running) => running === 1,
      );
      await node.stop();
      await shown.close();
      delete habits.msPerToken;
      await open({ batchSeconds: 1 });
      const failed = await shownBatch(id);
      expect([failed.status, failed.errors!.data![0]!.code]).to.deep.equal(["failed", "NODE_STOPPED"]);
      expect(failed.touchstone.charged).to.equal(null);
      const again = await over((await begin(text, header)).id);
      expect([again.status, again.touchstone.charged]).to.deep.equal(["completed", "110"]);
    });

    it("ends batches at their time, and charges what was made by then", async () => {
      habits.msPerToken = 150;
      const { id } = await begin(jsonl(...["a", "b", "c", "d"].map((name) => line(name))));
      const batch = await over(id);
      expect([batch.status, batch.request_counts]).to.deep.equal(["expired", { total: 4, completed: 2, failed: 2 }]);
      expect(batch.touchstone.charged).to.equal("220");
    });
  });
});
