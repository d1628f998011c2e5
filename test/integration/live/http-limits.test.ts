import { once } from "node:events";
import net from "node:net";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Generated, GenerateOptions } from "../../../provider-node/src/engine/engine.ts";
import { NodeError } from "../../../provider-node/src/errors.ts";
import { SmallEngine } from "../node/support/engine.ts";
import { until } from "../node/support/running.ts";
import { type LiveShop, nextPayment, openShop } from "./support/shop.ts";
import { eventsOf } from "./support/sse.ts";
import { ToyDesk } from "./support/toy-desk.ts";

const ROUTE = "/chat/completions";
const POST = { method: "POST", headers: { "content-type": "application/json" } };
const SECRET = "a-very-private-word";

/** A call of the small engine. */
function chat(maxTokens: number, fields: object = {}): object {
  return { model: "small", messages: [{ role: "user", content: `say ${SECRET}` }], max_tokens: maxTokens, ...fields };
}

/** Writes a lot at once for each token. */
class LoudEngine extends SmallEngine {
  static readonly letters = 2 ** 16;

  override generate(request: Parameters<SmallEngine["generate"]>[0], options: GenerateOptions): Promise<Generated> {
    const onText = () => options.onText?.({ text: "x".repeat(LoudEngine.letters), tokens: 1 });
    return super.generate(request, { ...options, onText });
  }
}

/** Takes its time to read. */
class PonderingEngine extends SmallEngine {
  static readings = 0;

  override async read(...args: Parameters<SmallEngine["read"]>) {
    PonderingEngine.readings += 1;
    await setTimeout(50);
    return super.read(...args);
  }
}

/** Fails after three tokens. */
class BreakingEngine extends SmallEngine {
  override generate(request: Parameters<SmallEngine["generate"]>[0], options: GenerateOptions): Promise<Generated> {
    let tokens = 0;
    const onText: GenerateOptions["onText"] = (delta) => {
      options.onText?.(delta);
      tokens += 1;
      if (tokens === 3) {
        throw new NodeError("ENGINE_FAILED", "The machine is on fire.");
      }
    };
    return super.generate(request, { ...options, onText });
  }
}

describe("the limits of calls under /v1", () => {
  let desk: ToyDesk;
  let shop: LiveShop;

  async function serve(engine: SmallEngine, changes: Parameters<typeof openShop>[2] = {}): Promise<void> {
    desk = new ToyDesk();
    shop = await openShop(desk, [engine], changes);
  }

  afterEach(() => shop.close());

  /** Sends a call by a connection of its own, and reads nothing. */
  function send(body: object, headers: string): net.Socket {
    const socket = net.connect(Number(new URL(shop.url).port), "127.0.0.1");
    const text = JSON.stringify(body);
    const head = `POST /v1${ROUTE} HTTP/1.1\r\nhost: x\r\n${headers}content-type: application/json`;
    socket.write(`${head}\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
    return socket;
  }

  const refusalOf = async (response: Response) => {
    const { error } = (await response.json()) as { error: { code: string; message: string; type: string } };
    expect(error).to.have.keys("message", "type", "param", "code");
    return [response.status, error.code];
  };

  /** Reads so many deltas with text of a stream, and leaves. */
  async function readSome(response: Response, deltas: number): Promise<number> {
    let seen = 0;
    const decoder = new TextDecoder();
    for await (const bytes of response.body!) {
      seen += decoder.decode(bytes, { stream: true }).match(/"content":"[^"]/g)?.length ?? 0;
      if (seen >= deltas) {
        break; // Leaving the loop cancels the body, and that closes the connection.
      }
    }
    return seen;
  }

  describe("where a reader leaves", () => {
    it("mid-stream: the generation ends, and what was delivered is paid, to a token", async () => {
      await serve(new SmallEngine({ msPerToken: 20 }));
      const seen = await readSome(await shop.post(ROUTE, chat(500, { stream: true })), 6);
      const [ending] = await desk.ended(1);
      expect(ending!.end).to.equal("cut");
      expect(ending!.completionTokens).to.be.within(seen, seen + 1);
    });

    it("before a whole answer is there: what was made is paid", async () => {
      await serve(new SmallEngine({ msPerToken: 20 }));
      const leave = new AbortController();
      const call = fetch(`${shop.url}/v1${ROUTE}`, {
        method: "POST",
        headers: { "content-type": "application/json", "PAYMENT-SIGNATURE": nextPayment() },
        body: JSON.stringify(chat(500)),
        signal: leave.signal,
      });
      call.catch(() => {}); // It is left on purpose.
      void setTimeout(200).then(() => leave.abort());
      const [ending] = await desk.ended(1);
      expect([ending!.end, ending!.completionTokens > 0]).to.deep.equal(["cut", true]);
      expect(ending!.completionTokens).to.be.below(500);
    });

    it("while it waits in line: nothing is paid", async () => {
      await serve(new SmallEngine({ msPerToken: 20 }), { slots: 1, waiting: 1 });
      const first = shop.post(ROUTE, chat(20));
      await until(
        () => desk.asks.length,
        (asks) => asks === 1,
      );
      const socket = send(chat(20), "PAYMENT-SIGNATURE: waits\r\n");
      await until(
        () => desk.asks.length,
        (asks) => asks === 2,
      );
      socket.destroy();
      const [ending] = await desk.ended(1);
      expect(ending).to.include({ payment: "waits", end: "failed" });
      expect((await first).status).to.equal(200);
    });

    it("without a word, and takes nothing: it is cut in time, and pays for what it was sent, to a chunk", async () => {
      await serve(new LoudEngine(), { stalledReaderMs: 300 });
      const socket = send(chat(400, { stream: true }), "PAYMENT-SIGNATURE: stalls\r\n").pause();
      const [ending] = await desk.ended(1);
      let letters = 0;
      socket.on("data", (bytes) => {
        letters += bytes.toString("latin1").match(/x/g)?.length ?? 0;
      });
      socket.on("error", () => {}); // Cut is cut.
      await once(socket.resume(), "close");
      expect(ending!.end).to.equal("cut");
      expect(ending!.completionTokens).to.be.below(400);
      expect(Math.abs(ending!.completionTokens - letters / LoudEngine.letters)).to.be.at.most(1);
    });
  });

  it("does not keep the next from running where a stream is read slowly", async () => {
    await serve(new LoudEngine(), { slots: 1, waiting: 0 });
    const socket = send(chat(400, { stream: true }), "PAYMENT-SIGNATURE: slow\r\n").pause();
    await until(
      () => desk.asks.length,
      (asks) => asks === 1,
    );
    const next = await until(
      () => shop.post(ROUTE, chat(1)),
      ({ status }) => status !== 429,
    );
    expect([next.status, desk.endings.map(({ payment }) => payment).includes("slow")]).to.deep.equal([200, false]);
    socket.destroy();
  });

  describe("where too much is asked", () => {
    it("keeps two in line for each that runs, and sends the next away before it pays, with when to come back", async () => {
      await serve(new SmallEngine({ msPerToken: 30 }), { slots: 1, waiting: 2 });
      const calls = Array.from({ length: 3 }, () => shop.post(ROUTE, chat(10)));
      await until(
        () => desk.asks.length,
        (asks) => asks === 3,
      );
      const late = await shop.post(ROUTE, chat(10));
      expect(Number(late.headers.get("retry-after"))).to.be.within(1, 60);
      expect(await refusalOf(late)).to.deep.equal([429, "AT_CAPACITY"]);
      expect((await Promise.all(calls)).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
      expect(desk.asks).to.have.length(3);
      expect((await shop.post(ROUTE, chat(1))).status).to.equal(200);
    });

    it("ends a call that takes too long as at its longest, and charges what is there", async () => {
      await serve(new SmallEngine({ msPerToken: 20 }), { callTimeoutMs: 200 });
      const whole = await shop.post(ROUTE, chat(500));
      const { choices, usage } = (await whole.json()) as {
        choices: { finish_reason: string }[];
        usage: { completion_tokens: number };
      };
      expect(choices[0]!.finish_reason).to.equal("length");
      expect(usage.completion_tokens).to.be.within(1, 499);
      const streamed = await eventsOf(await shop.post(ROUTE, chat(500, { stream: true })));
      expect(streamed.at(-1)).to.deep.equal({ data: "[DONE]" });
      const [one, other] = await desk.ended(2);
      expect([one!.end, other!.end]).to.deep.equal(["cut", "cut"]);
      expect(one!.completionTokens).to.equal(usage.completion_tokens);
    });

    it("does not hold those who pay to the limit of posts, but those who only ask to one of theirs", async () => {
      await serve(new SmallEngine(), { postsPerMinute: 1, refusedCallsPerMinute: 3 });
      const unpaid = async () => {
        return (await fetch(`${shop.url}/v1${ROUTE}`, { ...POST, body: JSON.stringify(chat(1)) })).status;
      };
      expect([await unpaid(), await unpaid(), await unpaid(), await unpaid()]).to.deep.equal([402, 402, 402, 429]);
      const paid: number[] = [];
      for (let sent = 0; sent < 8; sent++) {
        paid.push((await shop.post(ROUTE, chat(1))).status);
      }
      expect(new Set(paid)).to.deep.equal(new Set([200]));
    });

    it("counts those who ask without paying and do not wait for the answer, too", async () => {
      await serve(new PonderingEngine(), { refusedCallsPerMinute: 3 });
      for (let sent = 1; sent <= 3; sent++) {
        const socket = send(chat(1), "");
        await until(
          () => PonderingEngine.readings,
          (readings) => readings === sent,
        );
        socket.destroy();
      }
      await until(
        () => fetch(`${shop.url}/v1${ROUTE}`, { ...POST, body: JSON.stringify(chat(1)) }),
        ({ status }) => status === 429,
      );
      expect(desk.asks.length).to.be.below(6); // Three more would have been heard otherwise.
    });

    it("counts a long refused call as many: it may have cost as much to read", async () => {
      await serve(new SmallEngine(), { refusedCallsPerMinute: 10 });
      const long = { ...chat(1), messages: [{ role: "user", content: "x".repeat(16_000) }], surprise: 1 };
      const statuses: number[] = [];
      for (let sent = 0; sent < 4; sent++) {
        statuses.push((await shop.post(ROUTE, long)).status);
      }
      expect(statuses).to.deep.equal([400, 400, 400, 429]);
    });

    it("sends callers away once the node is stopping", async () => {
      await serve(new SmallEngine());
      shop.drain();
      const response = await shop.post(ROUTE, chat(1));
      expect(Number(response.headers.get("retry-after"))).to.be.greaterThan(0);
      expect(await refusalOf(response)).to.deep.equal([503, "DRAINING"]);
      expect(desk.asks).to.deep.equal([]);
    });
  });

  describe("where bodies are wicked", () => {
    it("takes none that is compressed, deep, long, of another type or no JSON, and says so in OpenAI's shape", async () => {
      await serve(new SmallEngine(), { maxBodyBytes: 4096 });
      const bomb = new Uint8Array(gzipSync(Buffer.alloc(2 ** 20, "[")));
      const zipped = await shop.post(ROUTE, bomb, { "content-encoding": "gzip" });
      expect(await refusalOf(zipped)).to.deep.equal([415, "BODY_COMPRESSED"]);
      const deep = `{"model":"small","messages":${"[".repeat(40)}${"]".repeat(40)}}`;
      expect(await refusalOf(await shop.post(ROUTE, deep))).to.deep.equal([400, "BODY_TOO_DEEP"]);
      expect(await refusalOf(await shop.post(ROUTE, `"${"x".repeat(5000)}"`))).to.deep.equal([413, "BODY_TOO_LARGE"]);
      const form = await shop.post(ROUTE, "model=small", { "content-type": "application/x-www-form-urlencoded" });
      expect(await refusalOf(form)).to.deep.equal([415, "BODY_TYPE_UNSUPPORTED"]);
      expect(await refusalOf(await shop.post(ROUTE, "{"))).to.deep.equal([400, "REQUEST_NOT_JSON"]);
      const nothing = await fetch(`${shop.url}/v1${ROUTE}`, { method: "POST" });
      expect(await refusalOf(nothing)).to.deep.equal([415, "BODY_TYPE_UNSUPPORTED"]);
      expect(desk.asks).to.deep.equal([]);
    });
  });

  describe("where the machine fails", () => {
    it("charges nothing, and asks to come back", async () => {
      await serve(new BreakingEngine());
      const response = await shop.post(ROUTE, chat(9));
      expect(Number(response.headers.get("retry-after"))).to.be.greaterThan(0);
      expect(await refusalOf(response)).to.deep.equal([503, "ENGINE_FAILED"]);
      expect((await desk.ended(1))[0]!.end).to.equal("failed");
    });

    it("half-way: the stream says so and has no [DONE], and nothing is charged", async () => {
      await serve(new BreakingEngine());
      const blocks = await eventsOf(await shop.post(ROUTE, chat(9, { stream: true })));
      const last = JSON.parse(blocks.at(-1)!.data!) as { error: { code: string } };
      expect(last.error.code).to.equal("ENGINE_FAILED");
      expect((await desk.ended(1))[0]!.end).to.equal("failed");
    });
  });

  it("writes no text of buyers or models into the log", async () => {
    await serve(new SmallEngine());
    const answer = (await (await shop.post(ROUTE, chat(6))).json()) as { choices: { message: { content: string } }[] };
    const log = JSON.stringify(shop.logged, (_, value) => (typeof value === "bigint" ? `${value}` : value));
    expect(log).to.include("promptTokens");
    expect(log).to.not.include(SECRET);
    expect(log).to.not.include(answer.choices[0]!.message.content);
  });
});
