import type { Hex } from "viem";
import type { Clock } from "../clock.ts";
import type { StageContext } from "../stages/context.ts";

type Engine = NonNullable<ReturnType<StageContext["engines"]["get"]>>;

/** Weight of the newest item in the running mean. */
const WEIGHT = 0.2;
/** What is assumed of a model that has not written a token yet. */
const UNKNOWN_SPEED = 5;
const WARM_UP_TOKENS = 16;
const WARM_UP_SEED = `0x${"00".repeat(32)}` as const;

/** How fast each model writes here, measured. */
export class Speed {
  readonly #tokensPerSecond = new Map<Hex, number>();

  /** Takes an item in that was generated. */
  note(model: Hex, tokens: number, seconds: number): void {
    if (tokens > 0 && seconds > 0) {
      const measured = tokens / seconds;
      const before = this.#tokensPerSecond.get(model) ?? measured;
      this.#tokensPerSecond.set(model, before + WEIGHT * (measured - before));
    }
  }

  /** Tokens a second of one generation. */
  of(model: Hex): number {
    return this.#tokensPerSecond.get(model) ?? UNKNOWN_SPEED;
  }

  /** Lets a model write a few tokens, so that the first offer rests on a measurement. */
  async warmUp(engine: Engine, clock: Clock, signal: AbortSignal): Promise<void> {
    const request = { messages: [{ role: "user", content: "Hello" }], maxTokens: WARM_UP_TOKENS } as const;
    const started = clock.now();
    const { output, completionTokens } = await engine.generate(request, { seed: WARM_UP_SEED, signal });
    if ("tokens" in output) {
      this.note(engine.model.id, completionTokens ?? output.tokens.length, (clock.now() - started) / 1000);
    }
  }
}
