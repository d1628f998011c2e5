import { once } from "node:events";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { type LiveShop, openShop } from "../integration/live/support/shop.ts";
import { eventsOf } from "../integration/live/support/sse.ts";
import { ToyDesk } from "../integration/live/support/toy-desk.ts";
import { SmallEngine } from "../integration/node/support/engine.ts";
import { until } from "../integration/node/support/running.ts";

const ROUTE = "/chat/completions";
const SLOW = 1_000;

const chat = (maxTokens: number, fields: object = {}) => ({
  model: "small",
  messages: [{ role: "user", content: "say something" }],
  max_tokens: maxTokens,
  ...fields,
});

describe("calls under /v1 among wicked clients", () => {
  let desk: ToyDesk;
  let shop: LiveShop;
  let sockets: net.Socket[];

  beforeEach(() => {
    sockets = [];
  });

  afterEach(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await shop.close();
  });

  async function serve(engine: SmallEngine, changes: Parameters<typeof openShop>[2] = {}): Promise<void> {
    desk = new ToyDesk();
    shop = await openShop(desk, [engine], changes);
  }

  async function connect(): Promise<net.Socket> {
    const socket = net.connect(Number(new URL(shop.url).port), "127.0.0.1");
    socket.on("error", () => {}); // They are cut, that is the point.
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  }

  it("serves honest ones while a thousand sockets dribble headers and bodies, and cuts those in time", async () => {
    await serve(new SmallEngine(), { headersTimeoutMs: 5_000, bodyTimeoutMs: 8_000 });
    const closed: Promise<unknown>[] = [];
    for (let index = 0; index < SLOW; index++) {
      const socket = await connect();
      closed.push(once(socket.resume(), "close"));
      const body = `POST /v1${ROUTE} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`;
      socket.write(index % 2 === 0 ? "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-slow: " : body);
    }
    const statuses: number[] = [];
    for (let call = 0; call < 100; call++) {
      const response = await shop.post(ROUTE, chat(4));
      statuses.push(response.status);
      await response.arrayBuffer();
    }
    expect(new Set(statuses)).to.deep.equal(new Set([200]));
    await Promise.all(closed);
    expect(desk.endings.filter(({ end }) => end !== "finished")).to.deep.equal([]);
  });

  it("writes for two hundred readers at once that do not look, and still for one that does", async () => {
    await serve(new SmallEngine(), { slots: 200, waiting: 0, stalledReaderMs: 1_000 });
    // Small answers fit into the buffers of the machine: they are delivered, whether anybody looks or not.
    const body = JSON.stringify(chat(200, { stream: true }));
    const head = `POST /v1${ROUTE} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json`;
    for (let index = 0; index < 200; index++) {
      const socket = await connect();
      socket.pause().write(`${head}\r\nPAYMENT-SIGNATURE: p${index}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    }
    const endings = await desk.ended(200);
    expect(endings.every(({ end, completionTokens }) => end === "finished" && completionTokens === 200)).to.equal(true);
    const honest = await eventsOf(await shop.post(ROUTE, chat(8, { stream: true })));
    expect(honest.at(-1)).to.deep.equal({ data: "[DONE]" });
  });

  it("gives up three hundred readers that leave at any moment, and each is charged once or not at all", async () => {
    await serve(new SmallEngine({ msPerToken: 2 }), { slots: 16, waiting: 400 });
    const calls = Array.from({ length: 300 }, async (_, index) => {
      const leave = new AbortController();
      setTimeout(() => leave.abort(), (index * 7) % 400);
      await fetch(`${shop.url}/v1${ROUTE}`, {
        method: "POST",
        headers: { "content-type": "application/json", "PAYMENT-SIGNATURE": `leaver-${index}` },
        body: JSON.stringify(chat(50, { stream: index % 2 === 0 })),
        signal: leave.signal,
      })
        .then((response) => response.text())
        .catch(() => {});
    });
    await Promise.all(calls);
    const endings = await until(
      () => desk.endings,
      (seen) => seen.length === desk.asks.length, // Requests of readers that are gone may still come in.
      60_000,
    );
    expect(new Set(endings.map(({ payment }) => payment)).size).to.equal(endings.length);
    expect(endings.every(({ completionTokens }) => completionTokens <= 50)).to.equal(true);
    const free = await Promise.all(Array.from({ length: 16 }, () => shop.post(ROUTE, chat(2))));
    expect(free.map(({ status }) => status)).to.deep.equal(free.map(() => 200));
  });

  it("does not swell on bombs: a thousand compressed and deep bodies leave it as it was", async () => {
    await serve(new SmallEngine());
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(2 ** 26, "[")));
    const deep = `{"model":"small","messages":${"[".repeat(400_000)}`;
    const send = async (times: number) => {
      for (let sent = 0; sent < times; sent++) {
        const zipped = await shop.post(ROUTE, bomb, { "content-encoding": "gzip" });
        const nested = await shop.post(ROUTE, deep);
        expect([zipped.status, nested.status]).to.deep.equal([415, 400]);
        await Promise.all([zipped.arrayBuffer(), nested.arrayBuffer()]);
      }
    };
    await send(50);
    const before = process.memoryUsage().rss;
    await send(450);
    expect(process.memoryUsage().rss - before).to.be.below(256 * 2 ** 20);
    expect((await shop.post(ROUTE, chat(2))).status).to.equal(200);
  });
});
