import {
  decodeTrace,
  encodeTrace,
  type InferenceRequest,
  type ItemCompletion,
  type TraceEntry,
} from "@touchstone/sdk/protocol";
import type { Llama } from "node-llama-cpp";
import { keccak256 } from "viem";
import type { Engine, Generated, GenerateOptions } from "../../provider-node/src/engine/engine.ts";
import { openLlamaEngine } from "../../provider-node/src/engine/llama.ts";
import type { ResolvedModel } from "../../provider-node/src/engine/models.ts";
import { openBrain, prefill } from "../bench/verification/forger.ts";
import { type ModelFamily, storyteller } from "../bench/verification/model-files.ts";
import type { Cheat } from "./cheats.ts";

/** What a cheating provider has to work with. */
export interface Workshop {
  readonly llama: Llama;
  /** What buyers order. */
  readonly ordered: ResolvedModel;
  /** CPU threads of one generation. */
  readonly threads: number;
  /** Generations side by side. */
  readonly sequences: number;
}

type Generate = Engine["generate"];

/** Tokens after which a truncating provider stops writing. */
const KEPT_TOKENS = 48;

/** What a provider says to the model behind its buyers' backs. */
const HIDDEN_PROMPT = "Be brief.";

/** Opens an engine that calls itself the ordered model, and cheats as its name says. */
export async function openCheatingEngine(cheat: Cheat, workshop: Workshop): Promise<Engine> {
  return await OPEN[cheat](workshop, await storyteller());
}

const OPEN: Readonly<Record<Cheat, (workshop: Workshop, family: ModelFamily) => Promise<Engine>>> = {
  model: (workshop, { other }) => openAs(workshop, other),
  quantised: (workshop, { q4 }) => openAs(workshop, q4),
  seed: async (workshop) => {
    const engine = await openAs(workshop, workshop.ordered);
    return replaced(engine, (request, options) =>
      engine.generate(request, { ...options, seed: keccak256(options.seed) }),
    );
  },
  prompt: async (workshop) => {
    const engine = await openAs(workshop, workshop.ordered);
    return replaced(engine, (request, options) => generateSteered(engine, request, options));
  },
  truncate: async (workshop, { endToken }) => {
    const engine = await openAs(workshop, workshop.ordered);
    return replaced(engine, (request, options) => generateTruncated(engine, endToken, request, options));
  },
  withhold: (workshop) => openAs(workshop, workshop.ordered),
  prefill: openPrefilling,
};

/** Loads a file under the name and the id of the ordered model. */
function openAs({ llama, ordered, threads, sequences }: Workshop, { path }: ResolvedModel): Promise<Engine> {
  return openLlamaEngine({ llama, model: { ...ordered, path }, threads, sequences });
}

/** An engine that generates in another way. */
function replaced(engine: Engine, generate: Generate, close: () => Promise<void> = () => engine.close()): Engine {
  return {
    model: engine.model,
    countPromptTokens: (request) => engine.countPromptTokens(request),
    read: (request, tokens) => engine.read(request, tokens),
    recheck: (request, claim, options) => engine.recheck(request, claim, options),
    describe: () => engine.describe(),
    generate,
    close,
  };
}

/** Adds a hidden instruction, and does not count its tokens. */
async function generateSteered(
  engine: Engine,
  request: InferenceRequest,
  options: GenerateOptions,
): Promise<Generated> {
  const hidden = { role: "system", content: HIDDEN_PROMPT } as const;
  const generated = await engine.generate({ ...request, messages: [hidden, ...request.messages] }, options);
  const promptTokens = await engine.countPromptTokens(request);
  return withOutput(generated, (output) => ({ ...output, promptTokens }));
}

/** Stops after some tokens, and says that the model ended there. */
async function generateTruncated(
  engine: Engine,
  endToken: number,
  request: InferenceRequest,
  options: GenerateOptions,
): Promise<Generated> {
  const asked = request.maxTokens ?? engine.model.defaults.maxTokens;
  const generated = await engine.generate({ ...request, maxTokens: Math.min(asked, KEPT_TOKENS + 1) }, options);
  const entries = decodeTrace(generated.trace);
  const cut = entries[KEPT_TOKENS];
  if ("error" in generated.output || cut === undefined || cut.token === endToken) {
    return generated;
  }
  const tokens = generated.output.tokens.slice(0, KEPT_TOKENS);
  const reading = await engine.read(request, tokens);
  const text = "text" in reading ? reading.text : "";
  const ended = encodeTrace([...entries.slice(0, KEPT_TOKENS), { ...cut, token: endToken }]);
  return { output: { ...generated.output, finishReason: "stop", text, tokens }, trace: ended };
}

/** Writes with a cheaper model, and has the real one read it for a true trace: a third of the real work. */
async function openPrefilling(workshop: Workshop, { q4 }: ModelFamily): Promise<Engine> {
  const cheap = await openAs(workshop, q4);
  const real = await openBrain(workshop.llama, workshop.ordered, workshop.threads);
  let last: Promise<unknown> = Promise.resolve(); // The real model has room for one at a time.
  const generate: Generate = async (request, options) => {
    const generated = await cheap.generate(request, options);
    if ("error" in generated.output) {
      return generated;
    }
    const reading: Promise<readonly TraceEntry[]> = last.then(() =>
      prefill(real, { request, seed: options.seed }, decodeTrace(generated.trace)),
    );
    last = reading.catch(() => undefined);
    return { ...generated, trace: encodeTrace(await reading) };
  };
  return replaced(cheap, generate, async () => {
    await cheap.close();
    await real.model.dispose();
  });
}

function withOutput(generated: Generated, change: (output: ItemCompletion) => ItemCompletion): Generated {
  return "error" in generated.output ? generated : { ...generated, output: change(generated.output) };
}
