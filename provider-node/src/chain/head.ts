import type { Clock } from "../clock.ts";
import { NodeError } from "../errors.ts";
import type { BlockRef } from "../store/blocks.ts";

/** The newest block taken in, and the time of the chain that follows from it. A wrong wall clock does not matter. */
export class Head {
  readonly #clock: Clock;
  #block: BlockRef | undefined;
  #seenAt: number;
  #lookedAt: number;
  #isSynced = false;

  /** @param block The newest block that an earlier run took in. */
  constructor(clock: Clock, block?: BlockRef) {
    this.#clock = clock;
    this.#block = block;
    this.#seenAt = clock.now();
    this.#lookedAt = clock.now();
  }

  /** Takes a block in that is now the newest. */
  note(block: BlockRef): void {
    this.#block = block;
    this.#seenAt = this.#clock.now();
  }

  /** Takes note that the chain answered, and of its newest block's number. */
  noteLook(newest: number): void {
    this.#lookedAt = this.#clock.now();
    this.#isSynced ||= this.#block !== undefined && this.#block.number >= newest;
  }

  /** The newest block; nothing before the first. */
  get block(): BlockRef | undefined {
    return this.#block;
  }

  /** Milliseconds since the chain last answered. */
  get silentMs(): number {
    return this.#clock.now() - this.#lookedAt;
  }

  /** Whether the node has caught up with the chain since it started. */
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
