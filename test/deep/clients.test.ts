import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { openKeys } from "../../gateway/src/index.ts";
import { type LocalGateway, startLocalGateway } from "../../scripts/network/gateway.ts";
import { type LocalNetwork, startNetwork } from "../../scripts/network/network.ts";
import { installPythonClient, type Place, type PythonClient, type Said } from "./support/python-client.ts";

const STORY = /^[A-Z"][\s\S]{20,}/;
const run = promisify(execFile);

describe("clients of others at a network like that of npm start", () => {
  let network: LocalNetwork;
  let gateway: LocalGateway;
  let python: PythonClient;

  before(async () => {
    python = await installPythonClient();
    network = await startNetwork(() => undefined);
    gateway = await startLocalGateway(network);
  });

  after(async () => {
    await gateway?.close();
    await network?.close();
    await python?.close();
  });

  /** A key that may spend so much. */
  const keyOf = (budgetTotal: bigint): Place => {
    const { keys, close } = openKeys(path.join(network.folder, "gateway"));
    const { key: apiKey } = keys.add("poor", { budgetTotal }, Math.floor(Date.now() / 1_000));
    close();
    return { ...gateway, apiKey };
  };

  describe("openai for Python", () => {
    it("chats", async () => {
      const [said] = await python.say(gateway, ["chat"]);
      expect(said?.text).to.match(STORY);
      expect(said?.tokens).to.equal(24);
    });

    it("streams, a piece a token", async () => {
      const [said] = await python.say(gateway, ["stream"]);
      expect(said?.text).to.match(STORY);
      expect(said).to.include({ pieces: 24, tokens: 24 });
    });

    it("gets responses, whole and streamed", async () => {
      const [whole, streamed] = await python.say(gateway, ["responses"]);
      expect(whole?.text).to.match(STORY);
      expect(streamed?.text).to.match(STORY).and.equal(streamed?.final);
    });

    it("gets embeddings, packed and plain alike", async () => {
      const [said] = await python.say(gateway, ["embeddings"]);
      expect(said).to.deep.equal({ lengths: [256, 256], near: 0 });
    });

    it("lists models", async () => {
      expect(await python.say(gateway, ["models"])).to.deep.equal([{ ids: ["storyteller"], one: "storyteller" }]);
    });

    it("has a batch done, which is a job of the market", async () => {
      const [batch, gone] = await python.say(gateway, ["batch"]);
      expect(batch).to.deep.include({ status: "completed", counts: { total: 3, completed: 2, failed: 1 } });
      expect(batch).to.deep.include({ errors: { odd: "invalid_request" }, listed: true });
      expect(batch?.answers).to.have.all.keys("fox", "owl");
      expect(batch?.metadata).to.have.all.keys("touchstone_job", "touchstone_input_root", "touchstone_result_root");
      expect(gone).to.include({ type: "NotFoundError", status: 404 });
    });

    it("is told of what it did wrong in its own errors", async () => {
      const said = await python.say(gateway, ["errors"]);
      expect(said.map(({ type, code }) => [type, code])).to.deep.equal([
        ["NotFoundError", "MODEL_NOT_OFFERED"],
        ["BadRequestError", "REQUEST_INVALID_FIELD"],
        ["BadRequestError", "REQUEST_INVALID_FIELD"],
        ["AuthenticationError", "invalid_api_key"],
      ]);
    });

    it("is told of a budget that is used up", async () => {
      const [said] = await python.say(keyOf(100n), ["refused"]);
      expect(said).to.include({ type: "RateLimitError", status: 429, code: "insufficient_quota" });
    });

    it("is told by a node itself that it must pay", async () => {
      const place = { baseUrl: `${network.providers[0]!.url}/v1`, apiKey: "none" };
      const [said] = await python.say(place, ["refused"]);
      expect(said).to.include({ type: "APIStatusError", status: 402, code: "PAYMENT_REQUIRED" });
    });
  });

  describe("curl", () => {
    /** What it prints last is the status. */
    const curl = async (route: string, ...words: string[]) => {
      const authorization = `Authorization: Bearer ${gateway.apiKey}`;
      const asked = ["-sS", "-w", "\n%{http_code}", `${gateway.baseUrl}${route}`, "-H", authorization, ...words];
      const { stdout } = await run("curl", asked);
      const end = stdout.lastIndexOf("\n");
      return { status: Number(stdout.slice(end)), body: stdout.slice(0, end) };
    };
    const json = (body: object) => ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
    const chat = (more: object = {}) =>
      json({ model: "storyteller", max_tokens: 24, messages: [{ role: "user", content: "Tell a story" }], ...more });

    it("chats, whole and streamed", async () => {
      const whole = await curl("/chat/completions", ...chat());
      expect(whole.status).to.equal(200);
      expect(JSON.parse(whole.body).choices[0].message.content).to.match(STORY);
      const { status, body } = await curl("/chat/completions", "-N", ...chat({ stream: true }));
      expect([status, body.trimEnd().endsWith("data: [DONE]")]).to.deep.equal([200, true]);
      expect(body.match(/^data: \{.*"content":"[^"]+"/gm)).to.have.length(24);
    });

    it("gets embeddings and a response", async () => {
      const { body } = await curl("/embeddings", ...json({ model: "storyteller", input: "A fox." }));
      expect(JSON.parse(body).data[0].embedding).to.have.length(256);
      const response = await curl("/responses", ...json({ model: "storyteller", input: "Tell a story" }));
      expect(JSON.parse(response.body).output[0].content[0].text).to.match(STORY);
    });

    it("uploads a file and begins a batch of it", async () => {
      const folder = await mkdtemp(path.join(os.tmpdir(), "touchstone-curl-"));
      const file = path.join(folder, "stories.jsonl");
      await writeFile(file, "no json\n");
      const uploaded = await curl("/files", "-F", "purpose=batch", "-F", `file=@${file}`);
      await rm(folder, { recursive: true });
      const { id } = JSON.parse(uploaded.body);
      const { body } = await curl(
        "/batches",
        ...json({ input_file_id: id, endpoint: "/v1/chat/completions", completion_window: "24h" }),
      );
      expect(JSON.parse(body)).to.include({ object: "batch", input_file_id: id });
      expect((await curl(`/files/${id}/content`)).body).to.equal("no json\n");
    });

    it("is told of errors by status and code", async () => {
      const { status, body } = await curl("/chat/completions", ...chat({ model: "unheard-of" }));
      expect([status, JSON.parse(body).error.code]).to.deep.equal([404, "MODEL_NOT_OFFERED"]);
      const answer = await run("curl", ["-sS", "-i", `${network.providers[0]!.url}/v1/chat/completions`, ...chat()]);
      expect(answer.stdout)
        .to.match(/^HTTP\/1.1 402/)
        .and.match(/^payment-required: \S{100,}/im);
    });
  });

  describe("where the process of a provider is killed amid a stream", () => {
    /** Reads three pieces, and the provider is gone. */
    const outlive = async (...words: string[]) => {
      let dead: string | undefined;
      const said = await python.say(gateway, ["long", ...words], (line: Said) => {
        dead ??= line.provider as string;
        if (line.reading) {
          network.providers.find(({ provider }) => provider === dead)!.daemon.process.kill("SIGKILL");
        }
      });
      return { dead, ...(said.at(-1) as { text: string; error: Said }) };
    };

    it("Python's client reads on to the end where the request leaves no choice, by the other provider", async () => {
      const { dead, text, error } = await outlive("greedy");
      expect(error).to.deep.equal({ type: null });
      const [again, whole] = await python.say(gateway, ["long", "greedy"]).then((said) => [said[0], said.at(-1)]);
      expect(again?.provider).to.be.a("string").and.not.equal(dead);
      expect(text).to.match(STORY).and.equal(whole?.text);
    });

    it("else it is told, and then that nobody is left", async () => {
      const { error } = await outlive();
      expect(error).to.include({ type: "APIError", code: "STREAM_BROKEN" });
      const [said] = await python.say(gateway, ["refused"]);
      expect(said).to.include({ status: 503, code: "PROVIDERS_FAILED" });
    });
  });
});
