/** What a window says of one more request. */
export interface WindowState {
  readonly isAllowed: boolean;
  /** How many more are allowed in this window. */
  readonly left: number;
  /** Until the next window, at least 1. */
  readonly secondsLeft: number;
}

const SECONDS = 60;

/** Counts requests by minutes of the clock. Lives in memory: a restart gives a minute anew, which bounds nothing that costs. */
export class MinuteWindows {
  #minute = 0;
  readonly #counts = new Map<string, number>();

  /**
   * Counts a request.
   *
   * @param now Unix seconds.
   */
  take(id: string, limit: number, now: number): WindowState {
    const minute = Math.floor(now / SECONDS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#counts.clear();
    }
    const count = (this.#counts.get(id) ?? 0) + 1;
    this.#counts.set(id, count);
    return {
      isAllowed: count <= limit,
      left: Math.max(0, limit - count),
      secondsLeft: Math.max(1, Math.ceil((minute + 1) * SECONDS - now)),
    };
  }
}
