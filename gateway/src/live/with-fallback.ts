import { Refusal } from "../errors.ts";
import type { FallbackOptions } from "../options.ts";
import { readError } from "./answer.ts";
import type { FallbackUpstream } from "./fallback.ts";
import { type Bought, type Call, PaidFailure, type Upstream } from "./upstream.ts";

/** Refusals of the market: nobody has the model, or nobody's offer fits the policy. */
const NO_OFFER: readonly string[] = ["MODEL_NOT_OFFERED", "NO_OFFER_FITS"];
/** Refusals after providers were tried. */
const FAILURES: readonly string[] = ["PROVIDERS_FAILED", "STREAM_BROKEN", "TOKEN_BALANCE_LOW", "WALLET_FAILED"];

/** Buys on the market, and at a hosted endpoint what the market cannot serve. */
export class WithFallback implements Upstream {
  readonly #market: Upstream;
  readonly #fallback: FallbackUpstream;
  readonly #when: FallbackOptions["when"];

  constructor(market: Upstream, fallback: FallbackUpstream, when: FallbackOptions["when"]) {
    this.#market = market;
    this.#fallback = fallback;
    this.#when = when;
  }

  /** What may have to be held is the dearer of both. */
  async estimate(call: Omit<Call, "most" | "signal">): Promise<bigint | undefined> {
    const [market, hosted] = await Promise.all([this.#market.estimate(call), this.#fallback.estimate(call)]);
    return market === undefined || (hosted !== undefined && hosted > market) ? hosted : market;
  }

  async buy(call: Call): Promise<Bought> {
    const isServed = this.#fallback.modelOf(call.model) !== undefined;
    let bought: Bought;
    try {
      bought = await this.#market.buy(call);
    } catch (error) {
      call.signal.throwIfAborted();
      const cause = error instanceof PaidFailure ? error.cause : error;
      if (!isServed || cause instanceof Refusal || this.#when === "no-offer") {
        throw error;
      }
      return await this.#fallback.buy(call); // The market cannot even be read.
    }
    const { error, response } = await readError(bought.response);
    const codes = this.#when === "no-offer" ? NO_OFFER : [...NO_OFFER, ...FAILURES];
    if (!isServed || error === undefined || !codes.includes(error.code)) {
      return { ...bought, response };
    }
    const hosted = await this.#fallback.buy(call);
    // What providers took for trying counts, too.
    const booking = Promise.all([hosted.booking, bought.booking]).then(([served, tried]) => ({
      ...served,
      amount: served.amount + tried.amount,
    }));
    return { ...hosted, booking };
  }
}
