import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  decodeOutput,
  decodeTrace,
  encodeOutput,
  encodeRequest,
  encodeTrace,
  FAULT_WORD,
  type InferenceRequest,
  type ItemClaim,
  type ItemCompletion,
  type ItemOutput,
  isNear,
  isOver,
  MAX_CASE_TOKENS,
  type Tolerances,
  traceRoot,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { type Hex, keccak256, stringToHex } from "viem";
import type { Engine } from "../../provider-node/src/engine/engine.ts";
import { type LoadedEngines, loadEngines } from "../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../provider-node/src/logger.ts";
import { testSequentially } from "../../provider-node/src/verify/sequential.ts";
import { type Finding, wordOf } from "../../provider-node/src/verify/word-of.ts";
import { ROOT } from "../../scripts/lib/paths.ts";

const SEED = keccak256(stringToHex("item seed"));
const WORD_SEED = keccak256(stringToHex("case seed"));
const STORY: InferenceRequest = {
  messages: [{ role: "user", content: "Tell a story about a brave fox and a lost key" }],
  maxTokens: 160,
};
/** Wide enough for any machine of one class, and far below every cheat here. */
const TOLERANCES: Tolerances = {
  marginTolerance: 100,
  marginThreshold: 200,
  traceTolerance: 20,
  traceThreshold: 60,
  probeTolerance: 500,
};
const signal = new AbortController().signal;

/** The model that ships with the lower six bits of its weights gone: as good as it, and not it. */
async function roundedStoryteller(folder: string): Promise<string> {
  const bytes = await readFile(path.join(ROOT, "models", "storyteller", "storyteller-f16.gguf"));
  for (let offset = bytes.length - 5_000_000; offset < bytes.length; offset += 2) {
    bytes[offset] = (bytes[offset] ?? 0) & 0xc0;
  }
  const file = path.join(folder, "rounded.gguf");
  await writeFile(file, bytes);
  return file;
}

describe("verifying what a model wrote", () => {
  let dataDir: string;
  let loaded: LoadedEngines;
  let engine: Engine;
  let cheaper: Engine;

  /** What a provider answers for that writes by one request and seed and claims another. */
  async function claim(
    written: InferenceRequest,
    {
      claimed = written,
      claimedSeed = SEED,
      by = engine,
    }: { claimed?: InferenceRequest; claimedSeed?: Hex; by?: Engine } = {},
  ) {
    const { output, trace } = await by.generate(written, { seed: SEED, signal });
    return claimOf(output, trace, claimed, claimedSeed);
  }

  function claimOf(output: ItemOutput, trace: Uint8Array, request = STORY, seed: Hex = SEED): ItemClaim {
    const bytes = { request: encodeRequest(request), output: encodeOutput(output) };
    return { index: 0, ...bytes, trace, traceRoot: traceRoot(trace), seed };
  }

  const judge = (...items: ItemClaim[]): Promise<Finding> => wordOf(engine, items, { wordSeed: WORD_SEED, signal });
  const completionOf = ({ output }: ItemClaim) => decodeOutput(output) as ItemCompletion;
  const faultOf = async (item: ItemClaim) => {
    const { faults, word } = await judge(item);
    expect(word).to.deep.equal(FAULT_WORD);
    return faults[0]?.code;
  };

  before(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-verify-"));
    const models = ["storyteller", await roundedStoryteller(dataDir)];
    const settings = { models, gpu: "cpu", threads: 1, contextSequences: 2, dataDir } as const;
    loaded = await loadEngines(settings, silentLogger);
    engine = loaded.engines[0]!;
    cheaper = loaded.engines[1]!;
  });

  after(async () => {
    await loaded.close();
    await rm(dataDir, { recursive: true });
  });

  describe("takes what an honest provider wrote", () => {
    for (const [name, change] of Object.entries<Partial<InferenceRequest>>({
      "by the model's own defaults": {},
      greedily: { temperature: 0 },
      "from a small nucleus, warm": { temperature: 1.5, topP: 0.7 },
      "up to a stop": { stop: [" and", "."] },
      "cut at one token": { maxTokens: 1 },
      "to the end of the story": { maxTokens: 1000 },
    })) {
      it(name, async () => {
        const item = await claim({ ...STORY, ...change });
        const { word, statistics, faults, entries } = await judge(item);
        expect(faults).to.deep.equal([]);
        expect(isOver(word, TOLERANCES)).to.equal(false);
        expect(word.tokens).to.equal(decodeTrace(item.trace).length);
        expect(statistics.mismatches).to.be.at.most(1);
        expect(testSequentially(entries.map(({ matches }) => matches)).decision).to.not.equal("cheat");
      });
    }

    it("over several items, the errors among them", async () => {
      const bad = { ...STORY, messages: [{ role: "user", content: "<|end|>" }] } as const;
      const items = [await claim(STORY), await claim(bad), await claim({ ...STORY, temperature: 0.5 })];
      const { word, faults } = await judge(...items);
      expect(faults).to.deep.equal([]);
      const entries = items.map(({ trace }) => decodeTrace(trace).length);
      expect(entries[1]).to.equal(0);
      expect(word.tokens).to.equal(entries.reduce((sum, count) => sum + count));
      expect(isOver(word, TOLERANCES)).to.equal(false);
    });

    it("when nothing was to be written, with the empty word", async () => {
      const notRequest = new TextEncoder().encode("{");
      const { word, faults } = await judge(await claim({ messages: [{ role: "user", content: "<|end|>" }] }));
      expect(faults).to.deep.equal([]);
      expect(word.tokens).to.equal(0);
      const message = "The request is not JSON.";
      const refused = claimOf({ error: { code: "REQUEST_NOT_JSON", message } }, new Uint8Array());
      expect((await judge({ ...refused, request: notRequest })).faults).to.deep.equal([]);
    });
  });

  describe("convicts by numbers", () => {
    const cheats: Record<string, () => Promise<ItemClaim>> = {
      "another temperature": () => claim({ ...STORY, temperature: 1.1 }, { claimed: { ...STORY, temperature: 1 } }),
      "another seed": () => claim(STORY, { claimedSeed: WORD_SEED }),
      "a hidden prompt": () => {
        const hidden = [{ role: "system", content: "Be brief." }, ...STORY.messages] as const;
        return claim({ ...STORY, messages: hidden }, { claimed: STORY });
      },
      "another model of the same size": () => claim(STORY, { by: cheaper }),
      "another model, greedily": () => claim({ ...STORY, temperature: 0 }, { by: cheaper }),
      "another nucleus": () => claim({ ...STORY, topP: 0.8 }, { claimed: STORY }),
    };
    for (const [name, cheat] of Object.entries(cheats)) {
      it(name, async () => {
        const item = await cheat();
        // The prompt's length is told by the output: a cheat would not be caught by so little.
        const promptTokens = await engine.countPromptTokens(STORY);
        const { output } = claimOf({ ...completionOf(item), promptTokens }, item.trace);
        const { word, faults } = await judge({ ...item, output });
        expect(faults).to.deep.equal([]);
        expect(isOver(word, TOLERANCES)).to.equal(true);
      });
    }

    it("a trace of logits that are not the model's", async () => {
      const item = await claim(STORY);
      const bent = decodeTrace(item.trace).map((entry, index) => ({
        ...entry,
        candidates: entry.candidates.map(({ id, logit }, rank) => ({
          id,
          logit: index >= 32 && index < 48 && rank === 0 ? logit + 0.2 : logit,
        })),
      }));
      const trace = encodeTrace(bent);
      const { word } = await judge({ ...item, trace, traceRoot: traceRoot(trace) });
      expect(word.margin).to.be.at.most(TOLERANCES.marginThreshold);
      expect(word.distance).to.be.greaterThan(TOLERANCES.traceThreshold);
    });

    it("ids that nobody can look up", async () => {
      const item = await claim(STORY);
      const strange = decodeTrace(item.trace).map(({ token }) => ({
        token,
        candidates: Array.from({ length: 8 }, (_, rank) => ({ id: 4_000_000_000 + rank, logit: 0 })),
      }));
      const trace = encodeTrace(strange);
      expect((await judge({ ...item, trace, traceRoot: traceRoot(trace) })).word.distance).to.equal(32_767);
    });
  });

  describe("finds without the model's numbers", () => {
    it("an output that ends before its end, or goes on after it", async () => {
      const item = await claim({ ...STORY, maxTokens: 1000 });
      const { tokens, ...rest } = completionOf(item);
      const half = tokens.slice(0, 20);
      const reading = await engine.read(STORY, half);
      const text = "text" in reading ? reading.text : "";
      const trace = item.trace.slice(0, 20 * 52);
      const request = { ...STORY, maxTokens: 1000 };
      expect(await faultOf(claimOf({ ...rest, text, tokens: half }, trace, request))).to.equal("LENGTH_WRONG");
      expect(await faultOf(claimOf({ ...rest, tokens }, item.trace, { ...STORY, maxTokens: 20 }))).to.equal(
        "LENGTH_WRONG",
      );
      const withoutEnd = item.trace.slice(0, tokens.length * 52);
      expect(await faultOf(claimOf({ ...rest, tokens }, withoutEnd, request))).to.equal("LENGTH_WRONG");
      const stopped = { ...request, stop: [text.slice(8, 12)] };
      expect(await faultOf(claimOf({ ...rest, tokens }, item.trace, stopped))).to.equal("LENGTH_WRONG");
    });

    it("a text, a reason, a count or tokens that are not those of the trace", async () => {
      const item = await claim({ ...STORY, maxTokens: 20 });
      const output = completionOf(item);
      const request = { ...STORY, maxTokens: 20 };
      const faultWith = (change: Partial<ItemCompletion>) =>
        faultOf(claimOf({ ...output, ...change }, item.trace, request));
      expect(await faultWith({ text: `${output.text}!` })).to.equal("TEXT_WRONG");
      expect(await faultWith({ finishReason: "stop" })).to.equal("FINISH_REASON_WRONG");
      expect(await faultWith({ promptTokens: output.promptTokens + 1 })).to.equal("PROMPT_TOKENS_WRONG");
      expect(await faultWith({ tokens: output.tokens.slice(1) })).to.equal("TOKENS_MISMATCH");
      expect(await faultWith({ tokens: output.tokens.with(0, 1) })).to.equal("TOKENS_MISMATCH");
    });

    it("an error where there is none, another one, and none where there is one", async () => {
      const item = await claim(STORY);
      const refusal = { error: { code: "PROMPT_REFUSED", message: "No." } };
      expect(await faultOf(claimOf(refusal, new Uint8Array()))).to.equal("ERROR_FALSE");
      expect(await faultOf(claimOf(refusal, item.trace))).to.equal("TOKENS_MISMATCH");
      const bad = { messages: [{ role: "user", content: "<|end|>" }] } as const;
      expect(await faultOf(claimOf(refusal, new Uint8Array(), bad))).to.equal("ERROR_MISSING");
      expect(await faultOf(claimOf(completionOf(item), item.trace, bad))).to.equal("ERROR_MISSING");
    });

    it("bytes that are no output or no trace", async () => {
      const item = await claim({ ...STORY, maxTokens: 4 });
      const spaced = new TextEncoder().encode(` ${new TextDecoder().decode(item.output)}`);
      expect(await faultOf({ ...item, output: spaced })).to.equal("OUTPUT_UNREADABLE");
      expect(await faultOf({ ...item, output: new Uint8Array([1]) })).to.equal("OUTPUT_UNREADABLE");
      expect(await faultOf({ ...item, traceRoot: SEED })).to.equal("TRACE_ROOT_MISMATCH");
      const short = item.trace.slice(1);
      expect(await faultOf({ ...item, trace: short, traceRoot: traceRoot(short) })).to.equal("TRACE_UNREADABLE");
      const [first, ...others] = decodeTrace(item.trace);
      const token = engine.model.vocabulary;
      const foreign = encodeTrace([{ ...first!, token }, ...others]);
      const output = completionOf(item);
      const told = { ...output, tokens: output.tokens.with(0, token) };
      expect(await faultOf(claimOf(told, foreign, { ...STORY, maxTokens: 4 }))).to.equal("TOKEN_UNKNOWN");
      const reversed = encodeTrace([{ ...first!, candidates: first!.candidates.toReversed() }, ...others]);
      expect(await faultOf({ ...item, trace: reversed, traceRoot: traceRoot(reversed) })).to.equal("TRACE_DISORDERED");
    });
  });

  it("gives two seats words that are near, and others to another seed", async () => {
    const items = [await claim({ ...STORY, maxTokens: MAX_CASE_TOKENS })];
    const [one, two] = [await judge(...items), await judge(...items)];
    expect(isNear(one.word, two.word, TOLERANCES)).to.equal(true);
    const other = await wordOf(engine, items, { wordSeed: SEED, signal });
    expect(isNear(other.word, one.word, TOLERANCES)).to.equal(false);
  });

  it("gives whoever skipped the prompt a word far from that of the others", async () => {
    const item = await claim(STORY);
    const { word } = await judge(item);
    const short = { ...STORY, messages: [{ role: "user", content: "Tell a story" }] } as const;
    const promptTokens = await engine.countPromptTokens(short);
    const lazy = claimOf({ ...completionOf(item), promptTokens }, item.trace, short);
    expect(
      isNear((await judge(lazy)).word, word, { ...TOLERANCES, marginTolerance: 65_535, traceTolerance: 65_535 }),
    ).to.equal(false);
  });

  it("changes nothing of what the engine writes beside it or after it", async () => {
    const before = await engine.generate(STORY, { seed: SEED, signal });
    const item = await claim({ ...STORY, maxTokens: 1000 });
    const [during] = await Promise.all([engine.generate(STORY, { seed: SEED, signal }), judge(item), judge(item)]);
    const after = await Promise.all([1, 2].map(() => engine.generate(STORY, { seed: SEED, signal })));
    for (const again of [during, ...after]) {
      expect(Buffer.compare(again.trace, before.trace)).to.equal(0);
      expect(again.output).to.deep.equal(before.output);
    }
  });

  it("stops when told", async () => {
    const item = await claim(STORY);
    const reason = new Error("enough");
    const failure = await wordOf(engine, [item], { wordSeed: SEED, signal: AbortSignal.abort(reason) }).catch((e) => e);
    expect(failure).to.equal(reason);
  });
});
