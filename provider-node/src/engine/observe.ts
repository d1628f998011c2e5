import { zeroHash } from "viem";
import { NodeError } from "../errors.ts";
import type { Meter } from "../meter.ts";
import type { Engine } from "./engine.ts";

/** One item that a model wrote. */
export interface Generation {
  readonly model: string;
  readonly tokens: number;
  readonly seconds: number;
}

/** An engine, and how it did last. */
export interface ObservedEngine extends Engine {
  /** What went wrong the last time; nothing if it went well. */
  readonly problem: () => string | undefined;
  /** Milliseconds since it wrote a token; infinite before the first. */
  readonly silentMs: () => number;
}

/** Tells of each generation of an engine, and remembers whether the last one failed for the machine's sake. */
export function observeEngine(engine: Engine, onGenerated: (generation: Generation) => void): ObservedEngine {
  const { model } = engine;
  let problem: string | undefined;
  let wroteAt = Number.NEGATIVE_INFINITY;
  return {
    ...behind(engine),
    problem: () => problem,
    silentMs: () => performance.now() - wroteAt,
    generate: async (request, options) => {
      const start = performance.now();
      const onToken = (tokens: number) => {
        wroteAt = performance.now();
        options.onToken?.(tokens);
      };
      try {
        const generated = await engine.generate(request, { ...options, onToken });
        const { output } = generated;
        problem = undefined;
        wroteAt = performance.now();
        const tokens = "error" in output ? 0 : (generated.completionTokens ?? output.tokens.length);
        onGenerated({ model: model.name, tokens, seconds: (performance.now() - start) / 1000 });
        return generated;
      } catch (error) {
        problem = options.signal.aborted || !(error instanceof Error) ? problem : error.message;
        throw error;
      }
    },
  };
}

/** Has a meter take in each generation that comes to its end. For what buyers asked, and nothing else. */
export function meterEngine(engine: Engine, meter: Meter): Engine {
  const { id } = engine.model;
  return {
    ...behind(engine),
    generate: async (request, options) => {
      const start = performance.now();
      let firstAt: number | undefined;
      const onToken = (tokens: number) => {
        firstAt ??= performance.now();
        options.onToken?.(tokens);
      };
      const generated = await engine.generate(request, { ...options, onToken });
      const { output, wasCut = false, completionTokens } = generated;
      if (firstAt !== undefined && !wasCut && "tokens" in output) {
        const tokens = completionTokens ?? output.tokens.length;
        meter.note(id, { tokens, seconds: (performance.now() - start) / 1000, firstTokenMs: firstAt - start });
      }
      return generated;
    },
  };
}

/** All of an engine but how it generates. */
function behind(engine: Engine): Omit<Engine, "generate"> {
  return {
    model: engine.model,
    countPromptTokens: (request) => engine.countPromptTokens(request),
    ...(engine.embed && { embed: engine.embed.bind(engine) }),
    describe: () => engine.describe(),
    close: () => engine.close(),
    read: (request, tokens) => engine.read(request, tokens),
    recheck: (request, claim, options) => engine.recheck(request, claim, options),
  };
}

/**
 * Makes the model write one real token: that it is loaded says little.
 *
 * @throws NodeError `ENGINE_FAILED`
 */
export async function proveEngine(engine: Engine, signal: AbortSignal): Promise<void> {
  const request = { messages: [{ role: "user", content: "Hello" }], maxTokens: 1 } as const;
  const { output } = await engine.generate(request, { seed: zeroHash, signal });
  if ("error" in output) {
    const sentence = `The model ${engine.model.name} does not take a plain question: ${output.error.message}`;
    throw new NodeError("ENGINE_FAILED", sentence, { details: { code: output.error.code } });
  }
}

/** An engine that wrote a token in this time needs no other proof. */
const PROOF_AGE_MS = 30_000;
const PROOF_TIMEOUT_MS = 10_000;

/** What is wrong with engines by the name of their model, each asked for a real token if it wrote none lately. */
export function createProver(engines: readonly ObservedEngine[]): () => Promise<ReadonlyMap<string, string>> {
  const running = new Map<ObservedEngine, Promise<string | undefined>>();
  const prove = async (engine: ObservedEngine) => {
    if (engine.problem() === undefined && engine.silentMs() < PROOF_AGE_MS) {
      return undefined;
    }
    try {
      await proveEngine(engine, AbortSignal.timeout(PROOF_TIMEOUT_MS));
      return undefined;
    } catch (error) {
      const isBusy = engine.problem() === undefined && engine.silentMs() < PROOF_AGE_MS;
      return isBusy ? undefined : (engine.problem() ?? (error instanceof Error ? error.message : "it writes nothing"));
    }
  };
  return async () => {
    const problems = new Map<string, string>();
    for (const engine of engines) {
      const proof = running.get(engine) ?? prove(engine).finally(() => running.delete(engine));
      running.set(engine, proof);
      const problem = await proof;
      if (problem !== undefined) {
        problems.set(engine.model.name, problem);
      }
    }
    return problems;
  };
}
