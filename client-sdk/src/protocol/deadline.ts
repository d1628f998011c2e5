/** Whether a duty with this deadline may still be done: `now < deadline`. Unix seconds. Mirrors `DeadlineLib.isAhead`. */
export function isAhead(deadline: number, now: number): boolean {
  return now < deadline;
}

/** Whether the exit behind this deadline is open: `now >= deadline`. Mirrors `DeadlineLib.hasPassed`. */
export function hasPassed(deadline: number, now: number): boolean {
  return now >= deadline;
}
