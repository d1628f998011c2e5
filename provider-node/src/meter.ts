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
  /** Written after the first token, and the time that it took: so long answers tell more of the speed than short ones. */
  readonly tokens: number;
  readonly seconds: number;
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
  note(model: string, measured: Measurement): void {
    const { firstTokenMs } = measured;
    const newest = { firstTokenMs, tokens: measured.tokens - 1, seconds: measured.seconds - firstTokenMs / 1000 };
    if (newest.tokens < 1 || newest.seconds <= 0) {
      return;
    }
    const before = this.#means.get(model) ?? { ...newest, calls: 0, since: this.#unixTime() };
    this.#means.set(model, {
      firstTokenMs: moved(before.firstTokenMs, newest.firstTokenMs),
      tokens: moved(before.tokens, newest.tokens),
      seconds: moved(before.seconds, newest.seconds),
      calls: before.calls + 1,
      since: before.since,
    });
  }

  /** As the card has it; nothing before the first generation. */
  of(model: string): CardMeasured | undefined {
    const means = this.#means.get(model);
    if (means === undefined) {
      return undefined;
    }
    const { firstTokenMs, tokens, seconds, calls, since } = means;
    const tokensPerSecond = Number((tokens / seconds).toPrecision(3));
    return { firstTokenMs: Math.round(firstTokenMs), tokensPerSecond, calls, since };
  }
}

function moved(mean: number, newest: number): number {
  return mean + WEIGHT * (newest - mean);
}
