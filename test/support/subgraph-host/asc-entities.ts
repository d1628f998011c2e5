import { bytesToHex, type Hex, hexToBytes } from "viem";
import { type AscHeap, TYPE } from "./asc-heap.ts";
import type { Entity, StoreValue, TypedValue } from "./entities.ts";
import type { Field } from "./schema.ts";

/**
 * Kinds of values of entities, by their number.
 *
 * Source: `ValueKind` in `@graphprotocol/graph-ts/common/value.ts`.
 */
const KINDS = [
  "String",
  "Int",
  "BigDecimal",
  "Boolean",
  "Array",
  "Null",
  "Bytes",
  "BigInt",
  "Int8",
  "Timestamp",
] as const;

/** What a mapping hands over to be stored. */
export function readEntity(heap: AscHeap, pointer: number): Record<string, TypedValue> {
  const [entries = 0] = heap.words(pointer, 1);
  return Object.fromEntries(
    heap.readPointers(entries).map((entry) => {
      const [key = 0, value = 0] = heap.words(entry, 2);
      return [heap.readString(key), readValue(heap, value)];
    }),
  );
}

/** An entity as mappings load it. */
export function newEntity(heap: AscHeap, fields: ReadonlyMap<string, Field>, entity: Entity): number {
  const entries = Object.entries(entity).map(([name, value]) => {
    const field = fields.get(name) as Field;
    const pointer = field.isList ? newList(heap, field, value) : newValue(heap, field.kind, value);
    return heap.newObject(TYPE.entry, [heap.newString(name), pointer]);
  });
  return heap.newObject(TYPE.entity, [heap.newArray(TYPE.arrayEntry, entries)]);
}

function readValue(heap: AscHeap, pointer: number): TypedValue {
  const tagged = heap.readTagged(pointer);
  const kind = KINDS[tagged.kind];
  const at = Number(BigInt.asUintN(32, tagged.payload));
  switch (kind) {
    case "String":
      return { kind, value: heap.readString(at) };
    case "Int":
      return { kind, value: Number(BigInt.asIntN(32, tagged.payload)) };
    case "Boolean":
      return { kind, value: tagged.payload !== 0n };
    case "Null":
      return { kind, value: null };
    case "Bytes":
      return { kind, value: bytesToHex(heap.readBytes(at)) };
    case "BigInt":
      return { kind, value: heap.readBigInt(at) };
    case "Int8":
    case "Timestamp":
      return { kind, value: tagged.payload };
    case "Array": {
      const values = heap.readPointers(at).map((one) => readValue(heap, one));
      return { kind, value: values.map(({ value }) => value), elements: values.map((one) => one.kind) };
    }
    default:
      throw new Error(`this host stores no values of kind ${kind ?? tagged.kind}`);
  }
}

function newList(heap: AscHeap, field: Field, value: StoreValue): number {
  const pointers = (value as readonly StoreValue[]).map((one) => newValue(heap, field.kind, one));
  const array = heap.newArray(TYPE.arrayStoreValue, pointers);
  return heap.newTagged(TYPE.storeValue, KINDS.indexOf("Array"), BigInt(array));
}

function newValue(heap: AscHeap, kind: Field["kind"], value: StoreValue): number {
  return heap.newTagged(TYPE.storeValue, KINDS.indexOf(kind), payloadOf(heap, kind, value));
}

function payloadOf(heap: AscHeap, kind: Field["kind"], value: StoreValue): bigint {
  switch (kind) {
    case "String":
      return BigInt(heap.newString(value as string));
    case "Bytes":
      return BigInt(heap.newBytes(hexToBytes(value as Hex)));
    case "BigInt":
      return BigInt(heap.newBigInt(value as bigint));
    case "Boolean":
      return value === true ? 1n : 0n;
    case "Int":
    case "Int8":
    case "Timestamp":
      return BigInt(value as bigint | number);
    default:
      throw new Error(`this host stores no values of kind ${kind}`);
  }
}
