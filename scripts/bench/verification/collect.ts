import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { TraceEntry } from "@touchstone/sdk/protocol";
import type { Order } from "../../../provider-node/src/calibrate/orders.ts";
import type { Engine, EntryCheck } from "../../../provider-node/src/engine/engine.ts";
import { CACHE } from "./model-files.ts";

/** What a verifier found in the entries of many items, in order. */
export interface Checks {
  readonly margins: Float32Array;
  readonly distances: Float32Array;
}

/** Writes the trace of an order, honestly or not. */
export type Writer = (order: Order) => Promise<readonly TraceEntry[]>;

/** What is collected. */
export interface Collection {
  /** Names the file that keeps it. */
  readonly name: string;
  /** Entries, at least. */
  readonly tokens: number;
  order(index: number): Order;
  /** Opens both sides; called only where nothing is kept. */
  open(): Promise<{ readonly write: Writer; readonly verifier: Engine; close(): Promise<void> }>;
}

const signal = new AbortController().signal;

/** Has items written and checked one after another. */
export function collect(collection: Collection, reuse: boolean): Promise<Checks> {
  return remember(`${collection.name}-${collection.tokens}`, reuse, () => collectAnew(collection));
}

/** Measures something and keeps it, or takes what an earlier run kept under the same name. */
export async function remember<T>(name: string, reuse: boolean, measure: () => Promise<T>): Promise<T> {
  const file = path.join(CACHE, "checks", name.replaceAll(/[^a-z0-9.]+/gi, "-"));
  if (reuse && existsSync(file)) {
    return deserialize(readFileSync(file)) as T;
  }
  const value = await measure();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, serialize(value));
  return value;
}

/** Entries as the statistics of a word take them. */
export function entriesOf({ margins, distances }: Checks): EntryCheck[] {
  return Array.from(margins, (margin, index) => ({ matches: margin === 0, margin, distance: distances[index] ?? 0 }));
}

async function collectAnew({ tokens, order: orderAt, open }: Collection): Promise<Checks> {
  const { write, verifier, close } = await open();
  const [margins, distances]: [number[], number[]] = [[], []];
  try {
    for (let index = 0; margins.length < tokens; index++) {
      const order = orderAt(index);
      const claim = { trace: await write(order), seed: order.seed };
      const { entries } = await verifier.recheck(order.request, claim, { lookups: [], signal });
      margins.push(...entries.map(({ margin }) => margin));
      distances.push(...entries.map(({ distance }) => distance));
    }
  } finally {
    await close();
  }
  return { margins: Float32Array.from(margins), distances: Float32Array.from(distances) };
}
