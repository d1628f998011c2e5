import { zeroHash } from "viem";
import { NodeError } from "../errors.ts";
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
}

/** Tells of each generation of an engine, and remembers whether the last one failed for the machine's sake. */
export function observeEngine(engine: Engine, onGenerated: (generation: Generation) => void): ObservedEngine {
  const { model } = engine;
  let problem: string | undefined;
  return {
    model,
    countPromptTokens: (request) => engine.countPromptTokens(request),
    ...(engine.embed && { embed: engine.embed.bind(engine) }),
    describe: () => engine.describe(),
    close: () => engine.close(),
    read: (request, tokens) => engine.read(request, tokens),
    recheck: (request, claim, options) => engine.recheck(request, claim, options),
    problem: () => problem,
    generate: async (request, options) => {
      const start = performance.now();
      try {
        const generated = await engine.generate(request, options);
        const { output } = generated;
        problem = undefined;
        const tokens = "error" in output ? 0 : output.tokens.length;
        onGenerated({ model: model.name, tokens, seconds: (performance.now() - start) / 1000 });
        return generated;
      } catch (error) {
        problem = options.signal.aborted || !(error instanceof Error) ? problem : error.message;
        throw error;
      }
    },
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
