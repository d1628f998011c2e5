/** Calls in line for one model, so many at once and so many behind them; who comes then is sent away unpaid. */
export interface QueueLimits {
  /** Calls that run side by side. */
  readonly slots: number;
  /** Calls that may wait. */
  readonly waiting: number;
}

/** A place in the line. */
export interface Place {
  /** Resolves when the call may run; rejects with the signal's reason, and the place is given up. */
  turn(signal: AbortSignal): Promise<void>;
  /** Gives the place to the next; may be called again. */
  leave(): void;
}

/** How much a new measurement counts in the mean time of a call. */
const WEIGHT = 0.2;
const MAX_RETRY_SECONDS = 60;

/** The line of one model: first come, first served. */
export class CallQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<() => void>();
  /** Work that nobody waits for, behind all calls. */
  readonly #patient = new Set<() => void>();
  #spare = 0;
  #places = 0;
  #running = 0;
  #meanMs = 1_000;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Calls that run, and that wait or are being paid for. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#places - (this.#running - this.#spare) };
  }

  /** Seconds after which a place may be free, a guess. */
  get retryAfter(): number {
    const rounds = (this.#places + this.#spare) / this.#limits.slots;
    return Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil((rounds * this.#meanMs) / 1000)));
  }

  /** How much work runs side by side. */
  get slots(): number {
    return this.#limits.slots;
  }

  /**
   * Waits for a slot that no call wants; it takes no place in line.
   *
   * @returns What gives the slot back, to be called once.
   */
  async spare(signal: AbortSignal): Promise<() => void> {
    await this.#slot(signal, this.#patient);
    this.#spare += 1;
    return () => {
      this.#spare -= 1;
      this.#release();
    };
  }

  /** Takes a place; nothing where all are taken. */
  enter(): Place | undefined {
    const { slots, waiting } = this.#limits;
    if (this.#places >= slots + waiting) {
      return undefined;
    }
    this.#places += 1;
    let began: number | undefined;
    let isGone = false;
    return {
      turn: async (signal) => {
        await this.#slot(signal, this.#waiting);
        began = performance.now();
      },
      leave: () => {
        if (isGone) {
          return;
        }
        isGone = true;
        this.#places -= 1;
        if (began !== undefined) {
          this.#meanMs += WEIGHT * (performance.now() - began - this.#meanMs);
          this.#release();
        }
      },
    };
  }

  async #slot(signal: AbortSignal, line: Set<() => void>): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#limits.slots) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        line.delete(go);
        reject(signal.reason);
      };
      line.add(go);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** The slot goes to the call that waits longest; to patient work if none does. */
  #release(): void {
    const line = this.#waiting.size > 0 ? this.#waiting : this.#patient;
    const [next] = line;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    line.delete(next);
    next();
  }
}
