/** The smallest of some amounts; nothing of none. */
export function leastOf(amounts: readonly bigint[]): bigint | undefined {
  let least: bigint | undefined;
  for (const amount of amounts) {
    if (least === undefined || amount < least) {
      least = amount;
    }
  }
  return least;
}

/** The largest of some amounts; nothing of none. */
export function mostOf(amounts: readonly bigint[]): bigint | undefined {
  const least = leastOf(amounts.map((amount) => -amount));
  return least === undefined ? undefined : -least;
}
