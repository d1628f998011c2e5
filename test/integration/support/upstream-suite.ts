import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  DISTANCE_SCALE,
  decodeTrace,
  type InferenceRequest,
  type ItemCompletion,
  type ItemOutput,
  MARGIN_SCALE,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { keccak256, stringToHex } from "viem";
import type {
  Embedded,
  Engine,
  EntryCheck,
  GenerateOptions,
  TextDelta,
} from "../../../provider-node/src/engine/engine.ts";
import { type LoadedEngines, loadEngines } from "../../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../../provider-node/src/logger.ts";
import { summarise } from "../../../provider-node/src/verify/statistics.ts";

const FOX: InferenceRequest = {
  messages: [{ role: "user", content: "Tell a story about a brave fox and a lost key" }],
  maxTokens: 24,
};
const SEED = keccak256(stringToHex("one"));
const signal = new AbortController().signal;

const ANIMAL = {
  type: "json_schema",
  json_schema: {
    name: "animal",
    schema: { type: "object", properties: { animal: { enum: ["fox", "owl"] } }, required: ["animal"] },
  },
};

/** Two llama-servers with the storyteller: one that writes, one that also makes embeddings. Base URLs without `/v1`. */
export interface LlamaServers {
  readonly writing: string;
  readonly embedding: string;
}

/** What a judge finds in a claim, in the units of the model's tolerances, beside these. */
export function judged(entries: readonly EntryCheck[], { model }: Engine) {
  const { margin, distance, mismatches } = summarise(entries);
  const { marginTolerance = 0, traceTolerance = 0 } = model.verification?.tolerances ?? {};
  const found = { margin: margin * MARGIN_SCALE, distance: distance * DISTANCE_SCALE, mismatches };
  return { ...found, isSame: found.margin <= marginTolerance && found.distance <= traceTolerance };
}

export function completed(output: ItemOutput): ItemCompletion {
  if ("error" in output) {
    throw new Error(`${output.error.code}: ${output.error.message}`);
  }
  return output;
}

/** What holds for the engines before a llama-server, real or replayed. */
export function upstreamTests(servers: () => LlamaServers): void {
  let dataDir: string;
  let loaded: LoadedEngines;
  let plain: Engine;
  let embedding: Engine;
  let greedy: Engine;
  /** The same model in this process. */
  let own: Engine;

  before(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-upstream-"));
    const { writing, embedding: embeddingUrl } = servers();
    const models = [
      `openai:${writing}/v1#storyteller`,
      `openai:${embeddingUrl}/v1`,
      `openai:${writing}/v1#storyteller=storyteller`,
      "greedy:storyteller",
    ];
    loaded = await loadEngines({ models, gpu: "cpu", threads: 0, contextSequences: 1, dataDir }, silentLogger);
    [plain, embedding, greedy, own] = loaded.engines as [Engine, Engine, Engine, Engine];
  });

  after(async () => {
    await loaded.close();
    await rm(dataDir, { recursive: true });
  });

  const tell = async (engine: Engine, request: Partial<InferenceRequest>, options: Partial<GenerateOptions> = {}) => {
    const deltas: TextDelta[] = [];
    const onText = (delta: TextDelta) => deltas.push(delta);
    const generated = await engine.generate({ ...FOX, ...request }, { seed: SEED, signal, onText, ...options });
    const told = deltas.reduce((sum, { tokens }) => sum + tokens, 0);
    return { ...generated, deltas, told, shown: deltas.map(({ text }) => text).join("") };
  };
  const codeOf = (output: ItemOutput | Embedded) => ("error" in output ? output.error.code : undefined);

  describe("a model behind a server, as it is", () => {
    it("is known by its name alone, and not verified", () => {
      const { name, contextLength, verification, engine } = plain.model;
      expect({ name, contextLength, verification, engine }).to.deep.equal({
        name: "storyteller",
        contextLength: 2048,
        verification: undefined,
        engine: "openai",
      });
    });

    it("has its text told as it comes, and its tokens counted by the server", async () => {
      const { output, completionTokens, trace, deltas, told, shown } = await tell(plain, {});
      const { text, promptTokens, tokens, finishReason } = completed(output);
      expect([shown, told, completionTokens]).to.deep.equal([text, 24, 24]);
      expect([promptTokens, finishReason, tokens.length, trace.length]).to.deep.equal([15, "length", 0, 0]);
      expect(deltas.length).to.be.greaterThan(10);
    });

    it("has its prompts counted by the server before anything is written", async () => {
      expect(await plain.countPromptTokens(FOX)).to.equal(await own.countPromptTokens(FOX));
    });

    it("is asked for less, with stops, at a temperature", async () => {
      const cold = completed((await tell(plain, { temperature: 0 })).output);
      const stop = cold.text.slice(10, 16);
      const { output, shown } = await tell(plain, { temperature: 0, stop: [stop] });
      expect(completed(output)).to.include({ finishReason: "stop", text: cold.text.slice(0, cold.text.indexOf(stop)) });
      expect(shown).to.equal(completed(output).text);
      expect(completed((await tell(plain, { temperature: 0, maxTokens: 3 })).output).text).to.equal("There was once");
    });

    it("gives probabilities", async () => {
      const { deltas, output } = await tell(plain, {}, { topLogprobs: 3 });
      const logprobs = deltas.flatMap(({ logprobs = [] }) => logprobs);
      expect(logprobs.map(({ token }) => token).join("")).to.equal(completed(output).text);
      expect(logprobs.every(({ top, logprob }) => top.length === 3 && logprob <= 0)).to.equal(true);
    });

    it("is passed what only the server can do", async () => {
      const { output } = await tell(plain, { extra: { response_format: ANIMAL }, maxTokens: 80 });
      expect(JSON.parse(completed(output).text).animal).to.be.oneOf(["fox", "owl"]);
    });

    it("answers what the server refuses, or cannot read, with an error output", async () => {
      const schema = { type: "json_schema", json_schema: { name: "x", schema: { type: "no such type" } } };
      const refused = await tell(plain, { extra: { response_format: schema } });
      expect(codeOf(refused.output)).to.equal("UPSTREAM_REFUSED");
      const long = await tell(plain, { messages: [{ role: "user", content: "fox ".repeat(3000) }] });
      expect(codeOf(long.output)).to.equal("PROMPT_TOO_LONG");
    });

    it("ends early where it is cut, with what was made", async () => {
      const cut = new AbortController();
      const onToken = (tokens: number) => tokens === 5 && cut.abort();
      const { output, wasCut, completionTokens, shown } = await tell(plain, {}, { cut: cut.signal, onToken });
      expect([wasCut, completionTokens, completed(output).promptTokens]).to.deep.equal([true, 5, 15]);
      expect(shown).to.equal(completed(output).text);
    });

    it("charges nothing for what was cut before it began", async () => {
      for (const engine of [plain, greedy, own]) {
        const { output, wasCut, told } = await tell(engine, {}, { cut: AbortSignal.abort() });
        expect([wasCut, completed(output).promptTokens, told]).to.deep.equal([true, 0, 0]);
      }
    });

    it("makes embeddings, if the server can", async () => {
      const { vectors, promptTokens } = (await embedding.embed!(["a brave fox", "the sea"], signal)) as Embedded;
      expect(vectors.map(({ length }) => length)).to.deep.equal([256, 256]);
      expect(Math.hypot(...vectors[0]!)).to.be.within(0.9999, 1.0001);
      expect(promptTokens).to.be.greaterThan(3);
      expect(codeOf(await plain.embed!(["a brave fox"], signal))).to.equal("UPSTREAM_REFUSED");
    });

    it("cannot be judged", async () => {
      expect(await plain.read(FOX, [1]).catch(({ code }) => code)).to.equal("MODEL_UNSUPPORTED");
      expect(await plain.read(FOX, [])).to.deep.include({ promptTokens: 15, limit: 24 });
    });
  });

  describe("a model behind a server, by its own file", () => {
    it("is the same model on chain as the file itself, always greedy", () => {
      expect(greedy.model.id).to.equal(own.model.id);
      expect(greedy.model.verification).to.deep.equal(own.model.verification);
      expect(greedy.model.defaults.temperature).to.equal(0);
    });

    it("writes what the file writes here, with a trace that a judge takes", async () => {
      const { output, trace, shown } = await tell(greedy, { maxTokens: 200, temperature: 1.5, topP: 0.3 });
      const here = await own.generate({ ...FOX, maxTokens: 200 }, { seed: SEED, signal });
      expect(output).to.deep.equal(here.output);
      expect(shown).to.equal(completed(output).text);
      const entries = decodeTrace(trace);
      expect(entries).to.have.length(completed(output).tokens.length + 1); // And the end of generation.
      const checked = await own.recheck(FOX, { trace: entries, seed: SEED }, { lookups: [], signal });
      expect(judged(checked.entries, own)).to.deep.include({ isSame: true, mismatches: 0 });
    });

    it("keeps stops, limits and refusals here", async () => {
      const stop = " who spent";
      const { output, shown } = await tell(greedy, { stop: [stop] });
      expect(output).to.deep.equal((await own.generate({ ...FOX, stop: [stop] }, { seed: SEED, signal })).output);
      expect(shown).to.equal(completed(output).text);
      const refused = await tell(greedy, { extra: { response_format: ANIMAL } });
      expect(codeOf(refused.output)).to.equal("UNSUPPORTED_PARAMETER");
    });

    it("gives probabilities beyond those of a trace", async () => {
      const { deltas } = await tell(greedy, { maxTokens: 4 }, { topLogprobs: 12 });
      expect(deltas.flatMap(({ logprobs = [] }) => logprobs).map(({ top }) => top.length)).to.deep.equal([
        12, 12, 12, 12,
      ]);
    });

    it("ends early where it is cut, with what was made", async () => {
      const cut = new AbortController();
      const onToken = (tokens: number) => tokens === 5 && cut.abort();
      const { output, wasCut } = await tell(greedy, {}, { cut: cut.signal, onToken });
      expect([wasCut, completed(output).tokens.length]).to.deep.equal([true, 5]);
    });
  });
}
