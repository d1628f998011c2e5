import type { Address } from "viem";
import { type Offer, offerKey } from "./offer.ts";
import { NO_RECORD, type Timing, type TrackRecord, withFailure, withRest, withSuccess } from "./track-record.ts";

/** What is known of providers by buying from them. */
export class Reputation {
  readonly #now: () => number;
  readonly #records = new Map<string, TrackRecord>();
  readonly #dropped = new Map<Address, string>();

  /** @param now Unix milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** By `offerKey`. */
  get records(): ReadonlyMap<string, TrackRecord> {
    return this.#records;
  }

  /** Of whom nothing is bought any more, and why. */
  get dropped(): ReadonlyMap<Address, string> {
    return this.#dropped;
  }

  of(offer: Offer): TrackRecord {
    return this.#records.get(offerKey(offer)) ?? NO_RECORD;
  }

  /** A call ended well; `timing` where it says something of the usual. */
  succeed(offer: Offer, timing: Timing | undefined): void {
    this.#records.set(offerKey(offer), withSuccess(this.of(offer), timing));
  }

  fail(offer: Offer): void {
    this.#records.set(offerKey(offer), withFailure(this.of(offer), this.#now()));
  }

  rest(offer: Offer, milliseconds: number): void {
    this.#records.set(offerKey(offer), withRest(this.of(offer), this.#now() + milliseconds));
  }

  drop(provider: Address, reason: string): void {
    this.#dropped.set(provider, this.#dropped.get(provider) ?? reason);
  }
}
