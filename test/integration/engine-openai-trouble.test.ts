import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { InferenceRequest } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { zeroHash } from "viem";
import { checkModels } from "../../provider-node/src/cli/check-machine.ts";
import type { Engine, GenerateOptions } from "../../provider-node/src/engine/engine.ts";
import { type LoadedEngines, loadEngines } from "../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../provider-node/src/logger.ts";
import { type ScriptedServer, scriptServer, sendEvents, sendJson } from "./support/scripted-server.ts";
import { completed } from "./support/upstream-suite.ts";

const HELLO: InferenceRequest = { messages: [{ role: "user", content: "Hello" }], maxTokens: 8 };
const CHAT = "POST /v1/chat/completions";
const signal = new AbortController().signal;

const piece = (delta: unknown, finish_reason: string | null = null) => ({ choices: [{ delta, finish_reason }] });
const HI = [piece({ role: "assistant" }), piece({ content: "Hi" }), piece({ content: " you" })];
const END = piece({}, "stop");

describe("an engine before a server in trouble, or of another make", () => {
  let server: ScriptedServer;
  let dataDir: string;
  const opened: LoadedEngines[] = [];

  before(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-upstream-"));
  });

  after(() => rm(dataDir, { recursive: true }));

  beforeEach(async () => {
    server = await scriptServer({
      "GET /v1/models": (response) => sendJson(response, { data: [{ id: "small" }] }),
      [CHAT]: (response) => sendEvents(response, [...HI, END], "[DONE]"),
    });
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((loaded) => loaded.close()));
    await server.close();
  });

  const load = async (model = `openai:${server.url}`, upstreamHosts: readonly string[] = []): Promise<Engine> => {
    const settings = { models: [model], gpu: "cpu", threads: 0, contextSequences: 1, dataDir } as const;
    const upstream = { upstreamApiKey: "secret", upstreamHosts, upstreamTimeoutMs: 300 };
    const loaded = await loadEngines({ ...settings, ...upstream }, silentLogger);
    opened.push(loaded);
    return loaded.engines[0] as Engine;
  };
  const generate = (engine: Engine, options: Partial<GenerateOptions> = {}, request = HELLO) =>
    engine.generate(request, { seed: zeroHash, signal, ...options });
  const failure = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(() => undefined).catch((reason: unknown) => reason);
    return (error as { code?: string } | undefined)?.code;
  };

  it("works with a server that tells no more than it must", async () => {
    const engine = await load();
    const { output, completionTokens } = await generate(engine);
    expect(completed(output)).to.include({ text: "Hi you", finishReason: "stop" });
    expect(completionTokens).to.equal(2); // As many as pieces came.
  });

  it("never counts more tokens than a prompt has bytes and templates have around them", async () => {
    const engine = await load();
    const bound = await engine.countPromptTokens(HELLO);
    expect(bound).to.be.within(40, 1000);
    const usage = { choices: [], usage: { prompt_tokens: 1_000_000, completion_tokens: 1_000_000 } };
    server.routes[CHAT] = (response) => sendEvents(response, [...HI, END, usage], "[DONE]");
    const { output, completionTokens } = await generate(engine);
    expect([completed(output).promptTokens, completionTokens]).to.deep.equal([bound, 8]);
  });

  it("has prompts counted as vLLM does", async () => {
    server.routes["POST /tokenize"] = (response, { model, messages, add_generation_prompt }) =>
      sendJson(response, {
        count: model === "small" && add_generation_prompt ? (messages as unknown[]).length * 11 : 0,
      });
    expect(await (await load()).countPromptTokens(HELLO)).to.equal(11);
  });

  it("brings tool calls back, put together", async () => {
    const first = { index: 0, id: "call_1", type: "function", function: { name: "find", arguments: "" } };
    const second = { index: 1, id: "call_2", type: "function", function: { name: "look", arguments: "{}" } };
    const parts = ['{"place":', '"sea"}'].map((text) => ({ index: 0, function: { arguments: text } }));
    const pieces = [first, ...parts, second].map((call) => piece({ tool_calls: [call] }));
    let asked: unknown;
    server.routes[CHAT] = (response, body) => {
      asked = body.tools;
      sendEvents(response, [...pieces, piece({}, "tool_calls")], "[DONE]");
    };
    const tools = [{ type: "function", function: { name: "find" } }];
    const { output } = await generate(await load(), {}, { ...HELLO, extra: { tools } });
    expect(asked).to.deep.equal(tools);
    expect(completed(output)).to.deep.include({ finishReason: "tool_calls", text: "" });
    expect(completed(output).toolCalls).to.deep.equal([
      { id: "call_1", name: "find", arguments: '{"place":"sea"}' },
      { id: "call_2", name: "look", arguments: "{}" },
    ]);
  });

  it("counts thoughts that are not shown, and puts a character together that came in halves", async () => {
    const thoughts = [
      piece({ reasoning_content: "hm" }),
      piece({ content: "\u{1F98A}"[0] }),
      piece({ content: "\u{1F98A}"[1] }),
    ];
    server.routes[CHAT] = (response) => sendEvents(response, [...thoughts, END], "[DONE]");
    const shown: string[] = [];
    const { output, completionTokens } = await generate(await load(), { onText: ({ text }) => shown.push(text) });
    expect([completed(output).text, completionTokens]).to.deep.equal(["\u{1F98A}", 3]);
    expect(shown.every((text) => text.isWellFormed())).to.equal(true);
  });

  it("sends the operator's key, and no buyer's", async () => {
    let key: string | undefined;
    server.routes[CHAT] = (response, _, request) => {
      key = request.headers.authorization;
      sendEvents(response, [...HI, END], "[DONE]");
    };
    await generate(await load());
    expect(key).to.equal("Bearer secret");
  });

  it("holds what the server cannot do now against the machine, not the request", async () => {
    const engine = await load();
    for (const status of [401, 404, 429, 500, 503]) {
      server.routes[CHAT] = (response) => sendJson(response, { error: { message: "not now" } }, status);
      expect(await failure(generate(engine)), `${status}`).to.equal("ENGINE_FAILED");
    }
    server.routes[CHAT] = (response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end();
    expect(await failure(generate(engine))).to.equal("ENGINE_FAILED");
  });

  it("holds what the server will never do against the request", async () => {
    server.routes[CHAT] = (response) => sendJson(response, { error: { message: "no such role" } }, 400);
    const { output } = await generate(await load());
    expect(output).to.deep.equal({ error: { code: "UPSTREAM_REFUSED", message: "no such role" } });
  });

  it("sells no answer that broke off, failed, made no sense or fell silent", async () => {
    const engine = await load();
    const broken: (typeof server.routes)[string][] = [
      (response) => sendEvents(response, HI, "broken"),
      (response) => sendEvents(response, HI, "[DONE]"),
      (response) => sendEvents(response, [...HI, { error: { message: "out of memory" } }], "[DONE]"),
      (response) => sendEvents(response, [...HI, { choices: "none" }, END], "[DONE]"),
      (response) => response.writeHead(200).end("data: {\n\n"),
      (response) => sendEvents(response, HI),
      () => {},
    ];
    for (const [index, route] of broken.entries()) {
      server.routes[CHAT] = route;
      expect(await failure(generate(engine)), `${index}`).to.equal("ENGINE_FAILED");
    }
  });

  it("closes the request where it is stopped, cut or closed", async () => {
    const engine = await load();
    const stops: ((controller: AbortController) => Partial<GenerateOptions>)[] = [
      (controller) => ({ signal: controller.signal }),
      (controller) => ({ cut: controller.signal }),
    ];
    for (const optionsOf of stops) {
      const controller = new AbortController();
      const closed = new Promise((resolve) => {
        server.routes[CHAT] = (response) => {
          sendEvents(response, HI);
          void once(response, "close").then(resolve);
        };
      });
      const reason = new Error("enough");
      const onToken = () => controller.abort(reason);
      const ended = await generate(engine, { ...optionsOf(controller), onToken }).catch((error: unknown) => error);
      expect(ended === reason || (ended as { wasCut?: boolean }).wasCut).to.equal(true);
      await closed;
    }
    server.routes[CHAT] = (response) => sendEvents(response, HI);
    expect(await failure(generate(engine, { onToken: () => void engine.close() }))).to.equal("STOPPED");
  });

  it("is not opened before a server that is not there, or has no such model", async () => {
    expect(await failure(load("openai:http://127.0.0.1:1/v1"))).to.equal("ENGINE_UNAVAILABLE");
    expect(await failure(load(`openai:${server.url}#large`))).to.equal("MODEL_UNKNOWN");
    server.routes["GET /v1/models"] = (response) => sendJson(response, { data: [{ id: "small" }, { id: "large" }] });
    expect(await failure(load())).to.equal("MODEL_UNKNOWN");
    expect((await load(`openai:${server.url}#large`)).model.name).to.equal("large");
  });

  it("sends no prompt to another machine unless that is named", async () => {
    expect(await failure(load("openai:http://gpu.invalid:8000/v1"))).to.equal("CONFIG_INVALID");
    expect(await failure(load("openai:http://gpu.invalid:8000/v1", ["gpu.invalid"]))).to.equal("ENGINE_UNAVAILABLE");
    for (const reference of ["openai:", "openai:ftp://127.0.0.1/", "openai:http://me:you@127.0.0.1/v1"]) {
      expect(await failure(load(reference)), reference).to.equal("CONFIG_INVALID");
    }
  });

  it("is pointed out by the doctor as what nobody can verify", async () => {
    const settings = {
      models: [`openai:${server.url}`],
      gpu: "cpu",
      threads: 0,
      contextSequences: 1,
      dataDir,
    } as const;
    const findings = await checkModels({ ...settings, upstreamTimeoutMs: 300 });
    expect(findings.map(({ state }) => state)).to.deep.equal(["ok", "warning"]);
  });

  it("is not verified by the file of another model", async () => {
    const other = { data: [{ id: "small", meta: { n_vocab: 32_000 } }] };
    server.routes["GET /v1/models"] = (response) => sendJson(response, other);
    expect(await failure(load(`openai:${server.url}#=storyteller`))).to.equal("MODEL_MISMATCH");
  });
});
