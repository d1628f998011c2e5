import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import {
  errorBodySchema,
  inputRoot,
  type JobProgress,
  requestHash,
  type SignedOrder,
  type WireJobSpec,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { NodeError } from "../../provider-node/src/errors.ts";
import { type AppOptions, createApp } from "../../provider-node/src/http/app.ts";
import type { Readiness } from "../../provider-node/src/http/operations.ts";
import { type HttpServer, listen, type ServerSettings } from "../../provider-node/src/http/server.ts";
import type { JobDesk } from "../../provider-node/src/jobs/desk.ts";
import { type LogData, silentLogger } from "../../provider-node/src/logger.ts";
import { createMetrics } from "../../provider-node/src/metrics.ts";
import { openStore, type Store } from "../../provider-node/src/store/store.ts";

const MARKET = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const PROVIDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const JOB = `0x${"ab".repeat(32)}` as const;
const SPEC: WireJobSpec = {
  client: zeroAddress,
  provider: PROVIDER,
  model: zeroHash,
  input: zeroHash,
  items: 1,
  price: "1000",
  acceptBy: 1,
  submitWithin: 60,
  challengeWindow: 2,
  flags: 0,
  callback: zeroAddress,
  callbackGas: 0,
  salt: zeroHash,
};
const PROGRESS: JobProgress = { job: JOB, stage: "execute", done: 1, items: 2 };

const SETTINGS: AppOptions["settings"] & ServerSettings = {
  host: "127.0.0.1",
  port: 0,
  maxBodyBytes: 4096,
  maxItems: 3,
  postsPerMinute: 1000,
  trustedProxies: 0,
  maxConnections: 100,
  maxConnectionsPerAddress: 50,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
};

describe("the HTTP server of a node", () => {
  let dataDir: string;
  let store: Store;
  let server: HttpServer;
  let readiness: Readiness;
  let refusal: Error | undefined;
  let logged: LogData[];

  // What the desk decides is tested with the desk; here it answers, or refuses with `refusal`.
  const answer = <T>(value: T): Promise<T> => (refusal ? Promise.reject(refusal) : Promise.resolve(value));
  const desk: JobDesk = {
    quote: (spec) => answer({ spec, quote: { job: JOB, validUntil: 9 }, signer: PROVIDER, signature: "0x12" }),
    order: () => answer({ job: JOB }),
    progress: (job) => (job === JOB ? PROGRESS : undefined),
    results: () => undefined,
    mayReadInput: () => true,
    mayReadResults: () => true,
  };

  async function serve(settings: Partial<typeof SETTINGS> = {}): Promise<void> {
    await server?.close(0);
    const all = { ...SETTINGS, ...settings };
    const app = createApp({
      settings: all,
      desk,
      blobs: store.blobs,
      inputs: store.inputs,
      now: () => 1000,
      card: () => {
        throw new Error("a card is not needed here");
      },
      readiness: () => readiness,
      metrics: createMetrics(),
      logger: { ...silentLogger, error: (_message, data = {}) => logged.push(data) },
    });
    server = await listen(app, all);
  }

  const get = (route: string, init?: RequestInit) => fetch(server.url + route, init);
  const post = (route: string, body: unknown, headers: Record<string, string> = {}) =>
    get(route, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    });
  const refusalOf = async (response: Response) => {
    const { error } = errorBodySchema.parse(await response.json());
    return [response.status, error.code];
  };

  before(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-http-"));
    const identity = { chainId: 31337, market: MARKET, provider: PROVIDER } as const;
    store = await openStore({ dataDir, maxBytes: 2 ** 26, minFreeBytes: 0, ...identity });
  });

  beforeEach(async () => {
    refusal = undefined;
    readiness = { isReady: true, checks: { chain: "ok" } };
    logged = [];
    await serve();
  });

  after(async () => {
    await server.close(0);
    store.close();
    await rm(dataDir, { recursive: true });
  });

  describe("stores inputs", () => {
    const texts = ['{"messages":[]}', "Füchse 🦊 and no JSON"];
    const hashes = texts.map((text) => requestHash(new TextEncoder().encode(text)));

    it("by their hashes, and gives back the exact bytes", async () => {
      const receipt = await (await post("/inputs", { requests: texts })).json();
      expect(receipt).to.deep.equal({ root: inputRoot(hashes), requests: hashes });
      expect(await (await get(`/inputs/${receipt.root}`)).json()).to.deep.equal({ requests: hashes });
      expect(await (await get(`/blobs/${hashes[1]}`)).text()).to.equal(texts[1]);
    });

    it("for browsers too, to keep for ever and never to interpret", async () => {
      await post("/inputs", { requests: texts });
      const { headers } = await get(`/blobs/${hashes[0]}`);
      expect(headers.get("cache-control")).to.include("immutable");
      expect(headers.get("content-type")).to.equal("application/octet-stream");
      expect(headers.get("x-content-type-options")).to.equal("nosniff");
      expect(headers.get("access-control-allow-origin")).to.equal("*");
      const again = await get(`/blobs/${hashes[0]}`, {
        headers: { "if-none-match": String(headers.get("etag")), "cache-control": "max-age=0" },
      });
      expect(again.status).to.equal(304);
    });

    it("but not what has no exact bytes, too many, none, or under unknown names", async () => {
      expect(await refusalOf(await post("/inputs", '{"requests": ["\\ud800"]}'))).to.deep.equal([400, "BAD_REQUEST"]);
      const many = { requests: ["1", "2", "3", "4"] };
      expect(await refusalOf(await post("/inputs", many))).to.deep.equal([413, "BODY_TOO_LARGE"]);
      for (const body of [{ requests: [] }, { requests: [1] }, { request: ["a"] }, { requests: ["a"], more: 1 }, 7]) {
        expect((await refusalOf(await post("/inputs", body)))[0], JSON.stringify(body)).to.equal(400);
      }
    });
  });

  describe("refuses", () => {
    it("what is not there, and what is no hash", async () => {
      expect(await refusalOf(await get(`/blobs/${JOB}`))).to.deep.equal([404, "NOT_FOUND"]);
      expect(await refusalOf(await get(`/inputs/${JOB}`))).to.deep.equal([404, "NOT_FOUND"]);
      expect(await refusalOf(await get(`/results/${JOB}`))).to.deep.equal([404, "NOT_FOUND"]);
      expect(await refusalOf(await get(`/jobs/${zeroHash}`))).to.deep.equal([404, "NOT_FOUND"]);
      expect(await refusalOf(await get("/nothing"))).to.deep.equal([404, "NOT_FOUND"]);
      expect(await refusalOf(await get("/inputs", { method: "DELETE" }))).to.deep.equal([404, "NOT_FOUND"]);
      for (const name of ["0x12", `${JOB}00`, "..%2f..%2fnode.sqlite", `0x${"zz".repeat(32)}`]) {
        expect(await refusalOf(await get(`/blobs/${name}`)), name).to.deep.equal([400, "HASH_INVALID"]);
      }
      expect((await get("/blobs/%")).status).to.equal(400);
    });

    it("a body over its limit, told or not", async () => {
      const long = { requests: ["x".repeat(5000)] };
      expect(await refusalOf(await post("/inputs", long))).to.deep.equal([413, "BODY_TOO_LARGE"]);
      const stream = new Blob([JSON.stringify(long)]).stream();
      const init = { method: "POST", body: stream, duplex: "half", headers: { "content-type": "application/json" } };
      expect(await refusalOf(await get("/inputs", init as RequestInit))).to.deep.equal([413, "BODY_TOO_LARGE"]);
    });

    it("a compressed body, however small", async () => {
      const zipped = new Uint8Array(gzipSync(JSON.stringify({ requests: ["a"] })));
      const response = await post("/inputs", zipped, { "content-encoding": "gzip" });
      expect(await refusalOf(response)).to.deep.equal([415, "BODY_COMPRESSED"]);
    });

    it("a body of another type, and one that is no JSON", async () => {
      const form = await post("/inputs", "requests=a", { "content-type": "application/x-www-form-urlencoded" });
      expect(await refusalOf(form)).to.deep.equal([415, "BODY_TYPE_UNSUPPORTED"]);
      expect(await refusalOf(await post("/inputs", "{"))).to.deep.equal([400, "BODY_NOT_JSON"]);
    });

    it("a body that nests deeper than 32 levels, but counts no brackets in texts", async () => {
      const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
      const deep = await post("/inputs", `{"requests": ${nested(32)}}`);
      expect(await refusalOf(deep)).to.deep.equal([400, "BODY_TOO_DEEP"]);
      expect((await post("/inputs", { requests: [`"\\${"[".repeat(100)}`] })).status).to.equal(200);
    });

    it("more posts of one address than it may send a minute, but still lets it read", async () => {
      await serve({ postsPerMinute: 2 });
      const statuses: number[] = [];
      for (let sent = 0; sent < 3; sent++) {
        statuses.push((await post("/inputs", { requests: ["a"] })).status);
      }
      expect(statuses).to.deep.equal([200, 200, 429]);
      expect((await get("/healthz")).status).to.equal(200);
      const limited = await post("/inputs", { requests: ["a"] });
      expect(Number(limited.headers.get("retry-after"))).to.be.within(1, 60);
      expect(await refusalOf(limited)).to.deep.equal([429, "RATE_LIMITED"]);
    });
  });

  describe("asks the desk", () => {
    const order: SignedOrder = { spec: SPEC, signature: "0x1234" };

    it("for quotes, orders and progress", async () => {
      const quoted = await (await post("/quotes", { spec: SPEC })).json();
      expect(quoted).to.deep.include({ spec: SPEC, quote: { job: JOB, validUntil: 9 } });
      const ordered = await post("/orders", order);
      expect([ordered.status, await ordered.json()]).to.deep.equal([202, { job: JOB }]);
      const progress = await get(`/jobs/${JOB.toUpperCase().replace("0X", "0x")}`);
      expect(await progress.json()).to.deep.equal(PROGRESS);
      expect(progress.headers.get("cache-control")).to.equal("no-store");
    });

    it("only for what has the shape of the protocol", async () => {
      const priced = await post("/quotes", { spec: { ...SPEC, price: 1000 } });
      expect(await refusalOf(priced)).to.deep.equal([400, "INVALID_DATA"]);
      const unsigned = await post("/orders", { spec: SPEC });
      expect(await refusalOf(unsigned)).to.deep.equal([400, "INVALID_DATA"]);
    });

    it("and passes its refusals on, with when to come back", async () => {
      refusal = new NodeError("PRICE_TOO_LOW", "Offer 2000.");
      expect(await refusalOf(await post("/quotes", { spec: SPEC }))).to.deep.equal([422, "PRICE_TOO_LOW"]);
      refusal = new NodeError("JOB_ALREADY_KNOWN", "It was sent before.");
      expect(await refusalOf(await post("/orders", order))).to.deep.equal([409, "JOB_ALREADY_KNOWN"]);
      refusal = new NodeError("AT_CAPACITY", "Come back later.");
      const busy = await post("/quotes", { spec: SPEC });
      expect(Number(busy.headers.get("retry-after"))).to.be.greaterThan(0);
      expect(await refusalOf(busy)).to.deep.equal([503, "AT_CAPACITY"]);
    });

    it("but keeps its failures to itself and the log", async () => {
      for (const failure of [new Error("secret"), new NodeError("BLOB_CORRUPT", "secret")]) {
        refusal = failure;
        const response = await post("/quotes", { spec: SPEC }, { "x-request-id": "mine-1" });
        const text = await response.text();
        expect([response.status, JSON.parse(text).error.code]).to.deep.equal([500, "INTERNAL"]);
        expect(text).to.not.include("secret");
        expect(logged.pop()).to.include({ requestId: "mine-1", error: failure });
      }
    });
  });

  describe("tells how it is", () => {
    it("alive, its version, and whether it is ready", async () => {
      expect((await get("/healthz")).status).to.equal(200);
      expect(await (await get("/version")).json()).to.have.keys("name", "version");
      expect((await get("/readyz")).status).to.equal(200);
      readiness = { isReady: false, checks: { chain: "12 blocks behind" } };
      const response = await get("/readyz");
      expect([response.status, await response.json()]).to.deep.equal([503, { ready: false, checks: readiness.checks }]);
    });

    it("with metrics for this machine and its network alone", async () => {
      await get(`/jobs/${JOB}`);
      expect(await (await get("/metrics")).text()).to.match(/touchstone_http_request_seconds_count\{.*"\/jobs\/:id"/);
      await serve({ trustedProxies: 1 });
      const outside = await get("/metrics", { headers: { "x-forwarded-for": "203.0.113.7" } });
      expect(await refusalOf(outside)).to.deep.equal([403, "FORBIDDEN"]);
    });

    it("an id with every answer: the caller's if it is plain", async () => {
      const idOf = async (id: string) =>
        (await get("/healthz", { headers: { "x-request-id": id } })).headers.get("x-request-id");
      expect(await idOf("abc-123")).to.equal("abc-123");
      expect(await idOf("<script>")).to.match(/^[0-9a-f-]{36}$/);
    });

    it("which origins may ask: all, by the methods there are", async () => {
      const response = await get("/quotes", { method: "OPTIONS" });
      expect(response.status).to.equal(204);
      expect(response.headers.get("access-control-allow-methods")).to.include("POST");
      expect(response.headers.get("access-control-allow-headers")).to.include("content-type");
    });
  });

  describe("does not wait", () => {
    const open = () => {
      const { hostname, port } = new URL(server.url);
      return net.connect({ host: hostname, port: Number(port) });
    };

    it("for headers that never end", async () => {
      await serve({ headersTimeoutMs: 100 });
      const socket = open();
      socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ");
      await once(socket.resume(), "close");
    });

    it("for a body that never ends", async () => {
      await serve({ headersTimeoutMs: 100, bodyTimeoutMs: 200 });
      const socket = open();
      socket.write(
        "POST /inputs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
      );
      await once(socket.resume(), "close");
    });

    it("for a reader that stalls", async () => {
      await serve({ bodyTimeoutMs: 300 });
      const hash = await store.blobs.put(new Uint8Array(2 ** 24));
      const socket = open().pause();
      socket.write(`GET /blobs/${hash} HTTP/1.1\r\nhost: x\r\n\r\n`);
      const cut = /touchstone_http_request_seconds_count\{method="GET",route="\/blobs\/:hash",status="499"\} 1/;
      while (!cut.test(await (await get("/metrics")).text())) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      socket.destroy();
    });

    it("for more connections of one address than it may have", async () => {
      await serve({ maxConnectionsPerAddress: 2 });
      const [first, second] = [open(), open()];
      await Promise.all([once(first, "connect"), once(second, "connect")]);
      const third = open();
      await once(third.resume(), "close");
      first.destroy();
      await once(first, "close");
      second.write("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
      const [answered] = await once(second, "data");
      expect(String(answered)).to.include("200 OK");
    });

    it("on closing longer than it said", async () => {
      const socket = open();
      socket.write("POST /inputs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n");
      await once(socket, "connect");
      await server.close(50);
      await once(socket.resume(), "close");
      await serve();
    });
  });
});
