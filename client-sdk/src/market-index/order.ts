import type { Hex } from "viem";
import type { IndexedDemand, IndexedOperatorKey, IndexedStep } from "./types.ts";

// In which order lists come: the same from both sources.

/** Where an entry stands in a list that is newest first. */
export interface PagePlace {
  readonly at: number;
  readonly id: Hex;
}

/** Newest first; of those of one second, the higher id. */
export function newestFirst(a: PagePlace, b: PagePlace): number {
  return b.at - a.at || ascending(b.id, a.id);
}

export function ascending<Value extends string | bigint | number>(a: Value, b: Value): number {
  return a < b ? -1 : Number(a > b);
}

export function bySince<Row extends { readonly since: number; readonly address: string }>(a: Row, b: Row): number {
  return a.since - b.since || ascending(a.address, b.address);
}

export function byValidity(a: IndexedOperatorKey, b: IndexedOperatorKey): number {
  return a.validFrom - b.validFrom || ascending(a.operator, b.operator);
}

export function byBlock(a: IndexedStep, b: IndexedStep): number {
  return ascending(a.block, b.block) || a.logIndex - b.logIndex;
}

/** Oldest first; those of one second by what they are for, and then by when they ended. */
export function byDemand(a: IndexedDemand, b: IndexedDemand): number {
  const end = ({ answeredAt, endedAt }: IndexedDemand) => answeredAt ?? endedAt ?? Number.MAX_SAFE_INTEGER;
  return (
    a.demandedAt - b.demandedAt || ascending(a.key, b.key) || a.item - b.item || a.chunk - b.chunk || end(a) - end(b)
  );
}

/** Oldest first, then by what else tells statistics apart. */
export function byTime<Row extends { readonly timestamp: number }>(keyOf: (row: Row) => string) {
  return (a: Row, b: Row) => a.timestamp - b.timestamp || ascending(keyOf(a), keyOf(b));
}
