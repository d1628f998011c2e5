/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A generator of uniform numbers: sfc32 (Doty-Humphrey, PractRand), which passes BigCrush.
 * @param seed Any integer; equal seeds give equal numbers on every machine.
 */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}

/** `count` different members of `items`, each set as likely as any other. */
export function sample<T>(random: Random, items: readonly T[], count: number): T[] {
  const rest = [...items];
  return Array.from({ length: Math.min(count, rest.length) }, () => {
    const [taken] = rest.splice(Math.floor(random() * rest.length), 1);
    return taken as T;
  });
}

/** Number of ways to choose k of n. */
export function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return ways;
}

/** Probability of exactly k marked ones among `drawn`, without putting back, from `size` of which `marked` are. */
export function hypergeometric(size: number, marked: number, drawn: number, k: number): number {
  return (choose(marked, k) * choose(size - marked, drawn - k)) / choose(size, drawn);
}

/** Probability of exactly k successes in n independent trials. */
export function binomial(n: number, p: number, k: number): number {
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  let log = k * Math.log(p) + (n - k) * Math.log1p(-p);
  for (let i = 1; i <= k; i++) log += Math.log((n - i + 1) / i);
  return Math.exp(log);
}

/** Sum of f(k) for k from `from` to `to`. */
export function sum(from: number, to: number, f: (k: number) => number): number {
  let total = 0;
  for (let k = from; k <= to; k++) total += f(k);
  return total;
}

/**
 * Where `f` changes its sign between `low` and `high`, by bisection; undefined where it does not.
 */
export function crossing(f: (x: number) => number, low: number, high: number): number | undefined {
  const atLow = f(low) > 0;
  if (atLow === f(high) > 0) return undefined;
  let [from, to] = [low, high];
  for (let step = 0; step < 50; step++) {
    const middle = (from + to) / 2;
    if (f(middle) > 0 === atLow) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
