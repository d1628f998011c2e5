import type { CardMeasured } from "@touchstone/sdk/protocol";

/** One generation for a buyer. */
export interface Measurement {
  readonly tokens: number;
  readonly seconds: number;
  /** From the begin to the first token. */
  readonly firstTokenMs: number;
}

interface Means {
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
  readonly calls: number;
  /** Unix seconds. */
  readonly since: number;
}

/** Weight of the newest generation in the running means. */
const WEIGHT = 0.1;

/** How fast each model was for buyers, for the card: running means in memory, which begin anew with each start. */
export class Meter {
  readonly #means = new Map<string, Means>();
  readonly #unixTime: () => number;

  /** @param unixTime Unix seconds. */
  constructor(unixTime: () => number) {
    this.#unixTime = unixTime;
  }

  /** Takes a generation in. One of a single token tells no speed, and is left out. */
  note(model: string, { tokens, seconds, firstTokenMs }: Measurement): void {
    const writing = seconds - firstTokenMs / 1000;
    if (tokens < 2 || writing <= 0) {
      return;
    }
    const newest = { firstTokenMs, tokensPerSecond: (tokens - 1) / writing };
    const before = this.#means.get(model) ?? { ...newest, calls: 0, since: this.#unixTime() };
    this.#means.set(model, {
      firstTokenMs: before.firstTokenMs + WEIGHT * (newest.firstTokenMs - before.firstTokenMs),
      tokensPerSecond: before.tokensPerSecond + WEIGHT * (newest.tokensPerSecond - before.tokensPerSecond),
      calls: before.calls + 1,
      since: before.since,
    });
  }

  /** As the card has it; nothing before the first generation. */
  of(model: string): CardMeasured | undefined {
    const means = this.#means.get(model);
    return (
      means && {
        ...means,
        firstTokenMs: Math.round(means.firstTokenMs),
        tokensPerSecond: Number(means.tokensPerSecond.toPrecision(3)),
      }
    );
  }
}
