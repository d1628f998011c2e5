import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import OpenAI, { toFile } from "openai";
import { chunk, type LocalServer, refusal, SELLER, sendJson, type TestGateway } from "./support/gateway.ts";
import { GatewayBench, soon } from "./support/gateway-bench.ts";

const ASK = { model: "storyteller", messages: [{ role: "user" as const, content: "A fox." }], max_tokens: 8 };

describe("the gateway over HTTP: fallback, files and usage", () => {
  let bench: GatewayBench;
  let seller: LocalServer;
  let hosted: LocalServer;
  let gateway: TestGateway;

  before(async () => {
    bench = await GatewayBench.start();
    ({ seller, hosted, gateway } = bench);
  });

  beforeEach(() => bench.rest());

  after(() => bench.close());

  const newKey: GatewayBench["newKey"] = (limits) => bench.newKey(limits);
  const client: GatewayBench["client"] = (apiKey) => bench.client(apiKey);
  const post: GatewayBench["post"] = (body, headers) => bench.post(body, headers);

  describe("the fallback", () => {
    const NO_OFFER = { error: { message: "No.", type: "server_error", param: null, code: "NO_OFFER_FITS" } };
    const FAILED = { error: { message: "No.", type: "server_error", param: null, code: "PROVIDERS_FAILED" } };

    it("serves what the market does not, under its own name, and says so in header and body", async () => {
      seller.answer = (_asked, response) => sendJson(response, 404, NO_OFFER);
      const { key, kept } = newKey();
      const { data, response } = await client(key).chat.completions.create(ASK).withResponse();
      expect(data.choices[0]!.message.content).to.equal("A hosted fox.");
      const host = new URL(hosted.url).host;
      expect((data as unknown as Record<string, unknown>).touchstone).to.deep.equal({
        served_by: "fallback",
        provider: host,
      });
      expect(response.headers.get("touchstone-served-by")).to.equal("fallback");
      expect(hosted.asked[0]!.body).to.deep.equal({ ...ASK, model: "gpt-hosted" });
      expect(hosted.asked[0]!.headers.authorization).to.equal("Bearer sk-hosted");
      await soon(() => gateway.usage.last({ since: 0 }, 1)[0]?.isOpen === false);
      expect(gateway.usage.last({ since: 0 }, 1)[0]).to.include({ servedBy: "fallback", provider: host, amount: "11" });
      expect(gateway.spending.spent(kept.id, bench.now).total).to.equal(11n);
    });

    it("streams behind a comment that says so; the usage that only the gateway asked for is left out, and booked", async () => {
      seller.answer = (_asked, response) => sendJson(response, 404, NO_OFFER);
      hosted.answer = (_asked, response) => {
        const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end(`${chunk("A hosted")}${chunk(" fox.")}${chunk("", { choices: [], usage })}data: [DONE]\n\n`);
      };
      const answer = await post(JSON.stringify({ ...ASK, stream: true }));
      const text = await answer.text();
      expect(text).to.equal(
        `: touchstone-served-by fallback ${new URL(hosted.url).host}\n\n${chunk("A hosted")}${chunk(" fox.")}data: [DONE]\n\n`,
      );
      expect(hosted.asked[0]!.body).to.have.deep.property("stream_options", { include_usage: true });
      await soon(() => gateway.usage.last({ since: 0 }, 1)[0]?.isOpen === false);
      expect(gateway.usage.last({ since: 0 }, 1)[0]).to.include({ amount: "120", servedBy: "fallback" });
    });

    it("steps in after failures where it is told to, and not for what the caller did wrong", async () => {
      seller.answer = (_asked, response) => sendJson(response, 503, FAILED);
      const { response } = await client().chat.completions.create(ASK).withResponse();
      expect(response.headers.get("touchstone-served-by")).to.equal("fallback");
      const bad = { error: { message: "No.", type: "invalid_request_error", param: null, code: "CALL_INVALID" } };
      seller.answer = (_asked, response) => sendJson(response, 400, bad);
      expect(await refusal(client().chat.completions.create(ASK))).to.include({ status: 400, code: "CALL_INVALID" });
      expect(hosted.asked).to.have.length(1);
    });

    it("serves where the market cannot even be reached", async () => {
      seller.answer = (_asked, response) => void response.destroy();
      const { response } = await client().chat.completions.create(ASK).withResponse();
      expect(response.headers.get("touchstone-served-by")).to.equal("fallback");
    });

    it("never serves a model that it was not told of", async () => {
      seller.answer = (_asked, response) => sendJson(response, 404, NO_OFFER);
      const error = await refusal(client().chat.completions.create({ ...ASK, model: "unheard-of" }));
      expect(error).to.include({ status: 404, code: "NO_OFFER_FITS" });
      expect(hosted.asked).to.deep.equal([]);
    });

    it("that fails passes its refusal on, marked as its own", async () => {
      seller.answer = (_asked, response) => sendJson(response, 404, NO_OFFER);
      hosted.answer = (_asked, response) =>
        sendJson(response, 401, { error: { message: "Bad key.", code: "bad_key" } });
      const error = await refusal(client().chat.completions.create(ASK));
      expect(error).to.include({ status: 401, code: "bad_key" });
      expect(error.headers?.get("touchstone-served-by")).to.equal("fallback");
    });

    it("is bound by the budget like the market", async () => {
      seller.answer = (_asked, response) => sendJson(response, 404, NO_OFFER);
      const error = await refusal(client(newKey({ budgetTotal: 12n }).key).chat.completions.create(ASK));
      expect(error).to.include({ status: 429, code: "insufficient_quota" });
      expect(hosted.asked).to.deep.equal([]);
    });
  });

  describe("files", () => {
    const upload = async (one: OpenAI, text: string, purpose: OpenAI.FilePurpose = "batch") =>
      one.files.create({ file: await toFile(Buffer.from(text), "../stories é.jsonl"), purpose });

    it("are stored, listed, read and deleted", async () => {
      const one = client();
      const file = await upload(one, "a story");
      expect(file).to.include({ object: "file", bytes: 7, filename: "stories é.jsonl", purpose: "batch" });
      expect((await one.files.retrieve(file.id)).id).to.equal(file.id);
      expect(await (await one.files.content(file.id)).text()).to.equal("a story");
      const other = await upload(one, "b");
      const page = await one.files.list({ limit: 1 });
      expect([page.data.map(({ id }) => id), page.has_more]).to.deep.equal([[other.id], true]);
      expect((await one.files.list()).data.map(({ id }) => id)).to.deep.equal([other.id, file.id]);
      expect(await one.files.delete(file.id)).to.deep.equal({ id: file.id, object: "file", deleted: true });
      expect(await refusal(one.files.retrieve(file.id))).to.be.instanceOf(OpenAI.NotFoundError);
    });

    it("of other keys are not there", async () => {
      const { id } = await upload(client(), "mine");
      expect(await refusal(client().files.content(id))).to.be.instanceOf(OpenAI.NotFoundError);
      expect(await refusal(client().files.delete(id))).to.be.instanceOf(OpenAI.NotFoundError);
    });

    it("are refused where they are too long, empty, for something else, or no form", async () => {
      expect(await refusal(upload(client(), "x".repeat(10_001)))).to.include({ status: 413 });
      expect(await refusal(upload(client(), ""))).to.include({ status: 400, code: "invalid_file" });
      expect(await refusal(upload(client(), "x", "assistants"))).to.include({ status: 400, param: "purpose" });
      expect(await refusal(client().post("/files", { body: {} }))).to.include({ status: 415 });
      const form = new FormData();
      form.set("purpose", "batch");
      const headers = { authorization: `Bearer ${newKey().key}` };
      const answer = await fetch(`${gateway.url}/v1/files`, { method: "POST", headers, body: form });
      expect(answer.status).to.equal(400);
    });

    it("whose upload is cut off are not there", async () => {
      const { key, kept } = newKey();
      const type = "multipart/form-data; boundary=b";
      const headers = { authorization: `Bearer ${key}`, "content-type": type, "content-length": "5000" };
      const cut = request(`${gateway.url}/v1/files`, { method: "POST", headers }).on("error", () => {});
      cut.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf a story');
      await sleep(50);
      cut.destroy();
      await sleep(50);
      expect(gateway.files.list(kept.id, { limit: 9 })).to.deep.equal([]);
    });
  });

  describe("batches", () => {
    it("are refused where the file or the endpoint is not one of theirs", async () => {
      const wish = { input_file_id: "file-0", endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
      expect(await refusal(client().batches.create(wish))).to.include({ status: 400, param: "input_file_id" });
      expect(await refusal(client().batches.create({ ...wish, endpoint: "/v1/embeddings" }))).to.include({
        status: 400,
        param: "endpoint",
      });
      expect(await refusal(client().batches.retrieve("batch_0"))).to.be.instanceOf(OpenAI.NotFoundError);
    });
  });

  describe("usage", () => {
    const usage = (headers: Record<string, string> = {}) => fetch(`${gateway.url}/usage`, { headers });

    it("is shown to this machine whole, and to a key its own", async () => {
      const { key, kept } = newKey({ budgetPerDay: 1_000n });
      await client(key).chat.completions.create(ASK);
      await soon(() => gateway.usage.last({ since: 0 }, 1)[0]?.isOpen === false);
      const whole = (await (await usage()).json()) as { keys: { id: string }[]; token: { symbol: string } };
      expect(whole.token.symbol).to.equal("USDC");
      expect(whole.keys.length).to.be.greaterThan(1);
      const own = (await (await usage({ authorization: `Bearer ${key}` })).json()) as Record<string, unknown[]>;
      expect(own.keys).to.deep.equal([
        {
          ...{ id: kept.id, name: "tester", is_revoked: false, spent_today: "40", spent_total: "40" },
          ...{ budget_per_day: "1000", budget_total: null },
        },
      ]);
      expect(own.last).to.have.length(1);
      expect(own.last![0]).to.include({ provider: SELLER, receipt: "checked", servedBy: "market", amount: "40" });
    });

    it("is shown to nobody through a proxy, under another name, or with a wrong key", async () => {
      expect((await usage({ "x-forwarded-for": "127.0.0.1" })).status).to.equal(401);
      expect((await usage({ authorization: "Bearer sk-wrong" })).status).to.equal(401);
      const status = await new Promise((resolve) => {
        request(`${gateway.url}/usage`, { headers: { host: "evil.example" } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
      expect(status).to.equal(401);
    });

    it("has a page of its own that loads nothing from elsewhere", async () => {
      const page = await fetch(`${gateway.url}/`);
      expect(page.headers.get("content-security-policy")).to.match(/^default-src 'none'; style-src 'sha256-/);
      expect(await page.text()).to.not.match(/(src|href)=/);
    });

    it("is counted for Prometheus, on this machine", async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(text).to.include('touchstone_gateway_requests_total{route="/v1/chat/completions",status="200"}');
      const away = await fetch(`${gateway.url}/metrics`, { headers: { forwarded: "for=1.2.3.4" } });
      expect(away.status).to.equal(403);
      expect(await (await fetch(`${gateway.url}/healthz`)).json()).to.deep.equal({ status: "ok" });
    });
  });
});
