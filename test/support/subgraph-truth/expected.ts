import { concat, type Hex, numberToHex } from "viem";
import type { Entity, StoreValue } from "../subgraph-host/entities.ts";
import type { Records, Told } from "./records.ts";
import type { Views } from "./views.ts";

/** What a chain is asked. */
export interface Truth {
  readonly records: Records;
  readonly views: Views;
  readonly market: Hex;
  readonly court: Hex;
}

/** What all entities of a type must be, in any order. */
export type Expect = (truth: Truth) => readonly Entity[] | Promise<readonly Entity[]>;

/** An entity of these fields; those that are not there are null. Addresses, hashes and ids become lower-case, as they are stored. */
export function entity(fields: Readonly<Record<string, StoreValue | undefined>>): Entity {
  const there = Object.entries(fields).filter((entry): entry is [string, StoreValue] => entry[1] !== undefined);
  return Object.fromEntries(there.map(([name, value]) => [name, isHex(value) ? value.toLowerCase() : value]));
}

function isHex(value: StoreValue): value is Hex {
  return typeof value === "string" && /^0x[0-9a-fA-F]*$/.test(value);
}

/** The id of what stands for one log: transaction and log index, lowest byte first. */
export function idOf({ transaction, logIndex }: Told): Hex {
  return concat([transaction, int32(logIndex)]);
}

/** Four bytes, lowest first, as `Bytes.fromI32` has them. */
export function int32(value: number): Hex {
  const bytes = numberToHex(value, { size: 4 }).slice(2);
  return `0x${(bytes.match(/../g) ?? []).reverse().join("")}`;
}

/** Whether an address or hash is the same, however it is written. */
export function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Each once, lower-case. */
export function distinct(values: Iterable<string>): Hex[] {
  return [...new Set([...values].map((value) => value.toLowerCase() as Hex))];
}
