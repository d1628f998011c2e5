/** What a running node sold by the call since it started. Amounts in token units. */
export interface LiveFigures {
  readonly calls: number;
  readonly running: number;
  /** Payment channels in use. */
  readonly channels: number;
  readonly charged: bigint;
  /** What channels in use owe and the chain does not know yet. */
  readonly unclaimed: bigint;
}

/** Reads the figures off the metrics of a node of this machine; nothing where it sells no calls, or does not answer. */
export async function readLiveFigures(url: string, signal: AbortSignal): Promise<LiveFigures | undefined> {
  const answer = await fetch(`${url}/metrics`, { signal }).catch(() => undefined);
  const text = answer?.ok ? await answer.text().catch(() => "") : "";
  const gauges = new Map(
    [...text.matchAll(/^touchstone_live_(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)] as const),
  );
  if (!gauges.has("calls")) {
    return undefined;
  }
  const read = (name: string) => gauges.get(name) ?? 0;
  const amount = (name: string) => BigInt(Math.round(read(name)));
  const counts = { calls: read("calls"), running: read("running"), channels: read("channels") };
  return { ...counts, charged: amount("charged"), unclaimed: amount("unclaimed") };
}
