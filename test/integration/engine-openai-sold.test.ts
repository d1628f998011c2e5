import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { decodeEnvelopeHeader, RECEIPT_HEADER } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type OpenAI from "openai";
import { type LoadedEngines, loadEngines } from "../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../provider-node/src/logger.ts";
import { type LiveShop, openShop } from "./live/support/shop.ts";
import { ToyDesk } from "./live/support/toy-desk.ts";
import { type ScriptedServer, scriptServer, sendEvents, sendJson } from "./support/scripted-server.ts";

const CHAT = "POST /v1/chat/completions";
const ASK = { model: "small", messages: [{ role: "user" as const, content: "Where is the key?" }], max_tokens: 16 };
const TOOL = { type: "function" as const, function: { name: "find", parameters: { type: "object", properties: {} } } };

const piece = (delta: unknown, finish_reason: string | null = null) => ({ choices: [{ delta, finish_reason }] });
const usage = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } };

describe("a model behind a server, sold by the call", () => {
  let server: ScriptedServer;
  let dataDir: string;
  let loaded: LoadedEngines;
  let desk: ToyDesk;
  let shop: LiveShop;
  let client: OpenAI;

  beforeEach(async () => {
    server = await scriptServer({
      "GET /v1/models": (response) => sendJson(response, { data: [{ id: "small" }] }),
      [CHAT]: (response) =>
        sendEvents(
          response,
          [piece({ content: "In the" }), piece({ content: " sea" }), piece({}, "stop"), usage],
          "[DONE]",
        ),
    });
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-upstream-"));
    const settings = { gpu: "cpu", threads: 0, contextSequences: 1, dataDir } as const;
    loaded = await loadEngines({ ...settings, models: [`openai:${server.url}`] }, silentLogger);
    desk = new ToyDesk();
    shop = await openShop(desk, loaded.engines);
    client = shop.client();
  });

  afterEach(async () => {
    await shop.close();
    await loaded.close();
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  it("answers the official client, at what the server counted and no more than was reserved", async () => {
    const { data, response } = await client.chat.completions.create(ASK).withResponse();
    expect(data.choices[0]?.message.content).to.equal("In the sea");
    expect(data.usage).to.include({ prompt_tokens: 7, completion_tokens: 3 });
    expect(desk.endings[0]).to.include({ end: "finished", promptTokens: 7, completionTokens: 3 });
    expect(desk.asks[0]!.promptTokens).to.be.greaterThan(7);
    expect(decodeEnvelopeHeader(response.headers.get(RECEIPT_HEADER)!).tokens).to.deep.equal(undefined);
  });

  it("streams, with the server's count at the end", async () => {
    const stream = await client.chat.completions.create({
      ...ASK,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let used: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      used = chunk.usage ?? used;
    }
    expect(text).to.equal("In the sea");
    expect(used).to.include({ prompt_tokens: 7, completion_tokens: 3 });
  });

  it("calls the buyer's tools, and is told what they found", async () => {
    const asked: Record<string, unknown>[] = [];
    server.routes[CHAT] = (response, body) => {
      asked.push(body);
      const call = { index: 0, id: "call_1", type: "function", function: { name: "find", arguments: "{}" } };
      const answer =
        asked.length === 1
          ? [piece({ tool_calls: [call] }), piece({}, "tool_calls")]
          : [piece({ content: "There." }, "stop")];
      sendEvents(response, [...answer, usage], "[DONE]");
    };
    const first = await client.chat.completions.create({ ...ASK, tools: [TOOL], tool_choice: "auto" });
    const [{ message, finish_reason } = {} as never] = first.choices;
    expect(finish_reason).to.equal("tool_calls");
    expect(message.tool_calls?.[0]).to.deep.include({ id: "call_1", function: { name: "find", arguments: "{}" } });
    const found = { role: "tool" as const, tool_call_id: "call_1", content: "under a stone" };
    const second = await client.chat.completions.create({
      ...ASK,
      messages: [...ASK.messages, message, found],
      tools: [TOOL],
    });
    expect(second.choices[0]?.message.content).to.equal("There.");
    expect(asked[0]?.tools).to.deep.equal([TOOL]);
    const [, called, answered] = asked[1]!.messages as { tool_calls?: unknown }[];
    expect(called).to.deep.include({ role: "assistant", tool_calls: message.tool_calls });
    expect(answered).to.deep.equal(found);
  });

  it("charges nothing where the server refuses or fails", async () => {
    server.routes[CHAT] = (response) => sendJson(response, { error: { message: "no such tool" } }, 400);
    const refused = await shop.post("/chat/completions", ASK);
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).to.deep.equal([
      400,
      "UPSTREAM_REFUSED",
    ]);
    server.routes[CHAT] = (response) => sendJson(response, { error: { message: "out of memory" } }, 500);
    expect((await shop.post("/chat/completions", ASK)).status).to.be.within(500, 599);
    expect(desk.endings.map(({ end }) => end)).to.deep.equal(["failed", "failed"]);
  });

  it("is listed as what nobody can verify", async () => {
    const { data } = await client.models.list();
    expect(data[0]).to.deep.include({ id: "small" });
    expect((data[0] as unknown as { touchstone: unknown }).touchstone).to.deep.include({ verifiable: false });
  });
});
