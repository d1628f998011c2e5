/** The greater of two amounts. */
export function greater(a: bigint, b: bigint): bigint {
  if (a < b) {
    return b;
  }
  return a;
}

/** The lesser of two amounts. */
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) {
    return a;
  }
  return b;
}
