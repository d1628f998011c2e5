import { once } from "node:events";
import { request } from "node:http";
import { expect } from "chai";
import OpenAI from "openai";
import { COST, chat, chunk, type LocalServer, refusal, SELLER, sendJson, type TestGateway } from "./support/gateway.ts";
import { GatewayBench, soon } from "./support/gateway-bench.ts";

const ASK = { model: "storyteller", messages: [{ role: "user" as const, content: "A fox." }], max_tokens: 8 };

describe("the gateway over HTTP", () => {
  let bench: GatewayBench;
  let seller: LocalServer;
  let gateway: TestGateway;

  before(async () => {
    bench = await GatewayBench.start();
    ({ seller, gateway } = bench);
  });

  beforeEach(() => bench.rest());

  after(() => bench.close());

  const newKey: GatewayBench["newKey"] = (limits) => bench.newKey(limits);
  const client: GatewayBench["client"] = (apiKey) => bench.client(apiKey);
  const post: GatewayBench["post"] = (body, headers) => bench.post(body, headers);

  describe("calls", () => {
    it("pass on the exact bytes and the answer, and say who served it", async () => {
      const body = `{ "model":"storyteller",  "messages":[{"role":"user","content":"\\u0041 fox"}] }`;
      const answer = await post(body);
      expect(answer.status).to.equal(200);
      expect(await answer.json()).to.deep.equal(chat("A fox slept."));
      expect(answer.headers.get("touchstone-served-by")).to.equal("market");
      expect(answer.headers.get("touchstone-provider")).to.equal(SELLER);
      expect(seller.asked.map(({ bytes }) => bytes)).to.deep.equal([body]);
      expect(seller.asked[0]!.headers).to.not.have.property("authorization");
    });

    it("reach the seller by the three routes that are bought", async () => {
      await client().chat.completions.create(ASK);
      await client().responses.create({ model: "storyteller", input: "A fox." });
      await client().embeddings.create({ model: "storyteller", input: "A fox.", encoding_format: "float" });
      expect(seller.asked.map(({ path }) => path)).to.deep.equal([
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/embeddings",
      ]);
    });

    it("stream: the first words are there before the last are written", async () => {
      const rest = Promise.withResolvers<void>();
      seller.answer = async (_asked, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(chunk("A fox"));
        await rest.promise;
        response.end(`${chunk(" slept.")}data: [DONE]\n\n`);
      };
      let text = "";
      for await (const part of await client().chat.completions.create({ ...ASK, stream: true })) {
        text += part.choices[0]?.delta.content ?? "";
        rest.resolve();
      }
      expect(text).to.equal("A fox slept.");
    });

    it("end at the seller when the client leaves, and are booked", async () => {
      seller.answer = (_asked, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(chunk("A fox"));
      };
      const { key, kept } = newKey();
      const stream = await client(key).chat.completions.create({ ...ASK, stream: true });
      for await (const _part of stream) {
        stream.controller.abort();
      }
      await soon(() => seller.left === 1);
      await soon(() => gateway.spending.spent(kept.id, bench.now).total === COST);
      expect(gateway.usage.last({ since: 0 }, 1)[0]).to.include({ status: 499, isOpen: false });
    });

    it("go no faster than the client reads, and end with one that stands still", async () => {
      let written = 0;
      const MIB = "x".repeat(2 ** 20);
      seller.answer = async (_asked, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (; written < 256 && !response.destroyed; written += 1) {
          if (!response.write(MIB)) {
            await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
          }
        }
        response.end();
      };
      const authorization = `Bearer ${newKey().key}`;
      const headers = { "content-type": "application/json", authorization };
      const asking = request(`${gateway.url}/v1/chat/completions`, { method: "POST", headers });
      asking.on("response", (response) => response.pause()).on("error", () => {});
      asking.end(JSON.stringify({ ...ASK, stream: true }));
      await soon(() => seller.left === 1);
      expect(written).to.be.lessThan(64);
    });

    it("that the seller refuses come back as they are, and cost nothing", async () => {
      const error = { message: "temperature is too high.", type: "invalid_request_error", param: null, code: "BAD" };
      seller.answer = (_asked, response) => sendJson(response, 400, { error });
      const { key, kept } = newKey();
      expect(await refusal(client(key).chat.completions.create(ASK))).to.include({ status: 400, code: "BAD" });
      await soon(() => gateway.spending.spent(kept.id, bench.now).total === 0n);
    });

    it("are refused before anyone is asked where they are no calls", async () => {
      const codeOf = async (answer: Promise<Response>) => {
        const response = await answer;
        const { error } = (await response.json()) as { error: { code: string } };
        return [response.status, error.code];
      };
      const deep = `{"model":"storyteller","messages":${"[".repeat(40)}${"]".repeat(40)}}`;
      expect(await codeOf(post("{"))).to.deep.equal([400, "invalid_json"]);
      expect(await codeOf(post("[]"))).to.deep.equal([400, "invalid_json"]);
      expect(await codeOf(post(deep))).to.deep.equal([400, "invalid_json"]);
      expect(await codeOf(post("{}"))).to.deep.equal([400, "missing_required_parameter"]);
      expect(await codeOf(post(" ".repeat(5_000)))).to.deep.equal([413, "request_too_large"]);
      expect(await codeOf(post("{}", { "content-type": "text/plain" }))).to.deep.equal([415, "unsupported_media_type"]);
      expect(await codeOf(post("{}", { "content-encoding": "gzip" }))).to.deep.equal([415, "unsupported_media_type"]);
      expect(seller.asked).to.deep.equal([]);
    });

    it("whose body does not come in time are cut off", async () => {
      const headers = { "content-type": "application/json", authorization: `Bearer ${newKey().key}` };
      const slow = request(`${gateway.url}/v1/chat/completions`, { method: "POST", headers });
      slow.write("{");
      const drip = setInterval(() => slow.write(" "), 100);
      const [error] = (await once(slow, "error")) as [NodeJS.ErrnoException];
      clearInterval(drip);
      expect(error.code).to.equal("ECONNRESET");
      expect(seller.asked).to.deep.equal([]);
    });

    it("are refused above what is bought at once, with a time to come back", async () => {
      const rest = Promise.withResolvers<void>();
      seller.answer = async (_asked, response) => {
        await rest.promise;
        sendJson(response, 200, chat("A fox slept."));
      };
      const calls = Array.from({ length: 4 }, () => client().chat.completions.create(ASK));
      await soon(() => seller.asked.length === 4);
      const error = await refusal(client().chat.completions.create(ASK));
      expect(error).to.include({ status: 503, code: "overloaded" });
      expect(error.headers?.get("retry-after")).to.equal("1");
      rest.resolve();
      await Promise.all(calls);
    });
  });

  describe("keys", () => {
    it("are asked for on every route of /v1", async () => {
      const { key, kept } = newKey();
      gateway.keys.revoke(kept.id, bench.now);
      for (const wrong of ["nonsense", key]) {
        const one = client(wrong);
        const asked = [one.models.list(), one.files.list(), one.batches.list(), one.chat.completions.create(ASK)];
        for (const call of asked) {
          expect(await refusal(call)).to.include({ status: 401, code: "invalid_api_key" });
        }
      }
    });

    it("whose budget is spent buy nothing: the error is OpenAI's, and clients do not try again", async () => {
      const { key } = newKey({ budgetPerDay: COST });
      await client(key).chat.completions.create({ ...ASK, max_tokens: 1 });
      await soon(() => gateway.usage.last({ since: 0 }, 1)[0]?.isOpen === false);
      const error = await refusal(client(key).chat.completions.create(ASK));
      expect(error).to.be.instanceOf(OpenAI.RateLimitError);
      expect(error).to.include({ status: 429, code: "insufficient_quota", type: "insufficient_quota" });
      expect(error.headers?.get("x-should-retry")).to.equal("false");
      expect(seller.asked).to.have.length(1);
    });

    it("send as many requests a minute as they may", async () => {
      const { key } = newKey({ requestsPerMinute: 2 });
      await client(key).models.list();
      await client(key).models.list();
      const error = await refusal(client(key).models.list());
      expect(error).to.include({ status: 429, code: "rate_limit_exceeded" });
      expect(Number(error.headers?.get("retry-after"))).to.be.within(1, 60);
      bench.now += 60;
      await client(key).models.list();
    });
  });

  describe("models", () => {
    it("are those on offer, with who offers them, and those of the fallback", async () => {
      const { data } = await client().models.list();
      expect(data.map(({ id, owned_by }) => [id, owned_by])).to.deep.equal([
        ["storyteller", "touchstone"],
        ["only-hosted", "fallback"],
      ]);
      expect((await client().models.retrieve("storyteller")).object).to.equal("model");
      expect(await refusal(client().models.retrieve("unheard-of"))).to.include({
        status: 404,
        code: "model_not_found",
      });
    });
  });
});
