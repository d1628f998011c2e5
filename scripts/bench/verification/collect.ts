import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { TraceEntry } from "@touchstone/sdk/protocol";
import type { Order } from "../../../provider-node/src/calibrate/orders.ts";
import type { Engine, EntryCheck } from "../../../provider-node/src/engine/engine.ts";
import { CACHE } from "./model-files.ts";

/** What a verifier found in the entries of many items, in order, and how long both sides took. */
export interface Checks {
  readonly margins: Float32Array;
  readonly distances: Float32Array;
  readonly writeSeconds: number;
  readonly checkSeconds: number;
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

/** Has items written and checked one after another, or takes what an earlier run kept. */
export async function collect(collection: Collection, reuse: boolean): Promise<Checks> {
  const file = path.join(CACHE, "checks", `${collection.name.replaceAll(/[^a-z0-9.]+/gi, "-")}-${collection.tokens}`);
  if (reuse && existsSync(file)) {
    return deserialize(readFileSync(file)) as Checks;
  }
  const checks = await collectAnew(collection);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, serialize(checks));
  return checks;
}

/** Entries as the statistics of a word take them. */
export function entriesOf({ margins, distances }: Checks): EntryCheck[] {
  return Array.from(margins, (margin, index) => ({ matches: margin === 0, margin, distance: distances[index] ?? 0 }));
}

async function collectAnew({ tokens, order: orderAt, open }: Collection): Promise<Checks> {
  const { write, verifier, close } = await open();
  const [margins, distances]: [number[], number[]] = [[], []];
  let [writeSeconds, checkSeconds] = [0, 0];
  try {
    for (let index = 0; margins.length < tokens; index++) {
      const order = orderAt(index);
      const start = performance.now();
      const trace = await write(order);
      const written = performance.now();
      const claim = { trace, seed: order.seed };
      const { entries } = await verifier.recheck(order.request, claim, { lookups: [], signal });
      writeSeconds += (written - start) / 1000;
      checkSeconds += (performance.now() - written) / 1000;
      margins.push(...entries.map(({ margin }) => margin));
      distances.push(...entries.map(({ distance }) => distance));
    }
  } finally {
    await close();
  }
  return { margins: Float32Array.from(margins), distances: Float32Array.from(distances), writeSeconds, checkSeconds };
}
