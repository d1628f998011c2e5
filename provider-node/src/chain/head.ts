import type { Clock } from "../clock.ts";
import { NodeError } from "../errors.ts";
import type { BlockRef } from "../store/blocks.ts";

/** The newest block taken in, and the time of the chain that follows from it. A wrong wall clock does not matter. */
export class Head {
  readonly #clock: Clock;
  #block: BlockRef | undefined;
  #seenAt = 0;
  #isSynced = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the newest block in. `behind`: how many blocks are known to follow. */
  note(block: BlockRef, behind: number): void {
    this.#block = block;
    this.#seenAt = this.#clock.now();
    this.#isSynced ||= behind === 0;
  }

  /** The newest block; nothing before the first. */
  get block(): BlockRef | undefined {
    return this.#block;
  }

  /** Milliseconds since the newest block was seen; nothing before the first. */
  get ageMs(): number | undefined {
    return this.#block && this.#clock.now() - this.#seenAt;
  }

  /** Whether the node has once caught up with the chain since it started. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Chain time, unix seconds: that of the newest block and what has passed since it was seen. */
  now(): number {
    if (this.#block === undefined) {
      throw new NodeError("RPC_UNAVAILABLE", "The node has not seen the chain yet. Try again in a while.");
    }
    return this.#block.timestamp + Math.floor((this.#clock.now() - this.#seenAt) / 1000);
  }
}
