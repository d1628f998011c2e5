import { type Hex, hexToBytes, keccak256 } from "viem";
import { newEntity, readEntity } from "./asc-entities.ts";
import { type AscHeap, TYPE } from "./asc-heap.ts";
import type { Entity, EntityStore } from "./entities.ts";
import type { Field, SubgraphSchema } from "./schema.ts";

/** What a mapping runs in: one event of one data source. */
export interface MappingContext {
  readonly schema: SubgraphSchema;
  readonly store: EntityStore;
  readonly block: number;
  /** Unix seconds. */
  readonly time: bigint;
  readonly dataSource: { readonly address: Hex; readonly network: string };
  readonly log: (level: LogLevel, message: string) => void;
}

const LEVELS = ["critical", "error", "warning", "info", "debug"] as const;
export type LogLevel = (typeof LEVELS)[number];

type HostFunction = (...args: number[]) => number | undefined;

/** A mapping gave up, or asked for what this host does not offer. */
export class MappingAbort extends Error {
  override readonly name = "MappingAbort";
}

/**
 * What mappings import, by name. Calls of contracts, IPFS, JSON, YAML, ENS and decimals are left out: our mappings need nothing but
 * their event. Whoever calls them is told so.
 *
 * @param heap The heap is there only once the module is instantiated.
 */
export function hostFunctions(context: MappingContext, heap: () => AscHeap): Record<string, HostFunction> {
  return { ...controlFunctions(context, heap), ...storeFunctions(context, heap), ...numberFunctions(heap) };
}

function controlFunctions({ dataSource, log }: MappingContext, heap: () => AscHeap): Record<string, HostFunction> {
  return {
    abort: (message = 0, file = 0, line, column) => {
      const text = message === 0 ? "no message" : heap().readString(message);
      const place = file === 0 ? "an unknown place" : `${heap().readString(file)}:${line}:${column}`;
      throw new MappingAbort(`mapping aborted at ${place}: ${text}`);
    },
    "log.log": (level = 0, message = 0) => {
      const text = heap().readString(message);
      log(LEVELS[level] ?? "debug", text);
      if (level === 0) throw new MappingAbort(`critical error logged in mapping: ${text}`);
      return undefined;
    },
    "dataSource.address": () => heap().newBytes(hexToBytes(dataSource.address)),
    "dataSource.network": () => heap().newString(dataSource.network),
    "dataSource.context": () => heap().newObject(TYPE.entity, [heap().newArray(TYPE.arrayEntry, [])]),
    "crypto.keccak256": (input = 0) => heap().newBytes(keccak256(heap().readBytes(input), "bytes")),
  };
}

function storeFunctions(context: MappingContext, heap: () => AscHeap): Record<string, HostFunction> {
  const { schema, store, block, time } = context;
  const fieldsOf = (type: string) => schema.entities.get(type)?.fields ?? new Map<string, Field>();
  const loaded = (type: string, entity: Entity | undefined) =>
    entity === undefined ? 0 : newEntity(heap(), fieldsOf(type), entity);
  return {
    "store.get": (typeName = 0, id = 0) => {
      const type = heap().readString(typeName);
      return loaded(type, store.get(type, heap().readString(id)));
    },
    "store.get_in_block": (typeName = 0, id = 0) => {
      const type = heap().readString(typeName);
      return loaded(type, store.getInBlock(type, heap().readString(id), block));
    },
    "store.set": (typeName = 0, id = 0, data = 0) => {
      store.set(heap().readString(typeName), heap().readString(id), readEntity(heap(), data), { block, time });
      return undefined;
    },
    "store.remove": (typeName = 0, id = 0) => {
      store.remove(heap().readString(typeName), heap().readString(id), block);
      return undefined;
    },
    "store.loadRelated": (typeName = 0, id = 0, fieldName = 0) => {
      const field = fieldsOf(heap().readString(typeName)).get(heap().readString(fieldName));
      const { reference, derivedFrom } = field ?? {};
      if (!reference || !derivedFrom) throw new MappingAbort(`${heap().readString(fieldName)} is not derived`);
      const key = heap().readString(id);
      const related = store.all(reference).filter((entity) => entity[derivedFrom] === key);
      return heap().newArray(
        TYPE.arrayEntry,
        related.map((entity) => loaded(reference, entity)),
      );
    },
  };
}

function numberFunctions(heap: () => AscHeap): Record<string, HostFunction> {
  const compute = (operation: (x: bigint, y: bigint) => bigint): HostFunction => {
    return (x = 0, y = 0) => heap().newBigInt(operation(heap().readBigInt(x), heap().readBigInt(y)));
  };
  const shift = (operation: (x: bigint, by: bigint) => bigint): HostFunction => {
    return (x = 0, by = 0) => heap().newBigInt(operation(heap().readBigInt(x), BigInt(by)));
  };
  return {
    "bigInt.plus": compute((x, y) => x + y),
    "bigInt.minus": compute((x, y) => x - y),
    "bigInt.times": compute((x, y) => x * y),
    "bigInt.dividedBy": compute((x, y) => x / y),
    "bigInt.mod": compute((x, y) => x % y),
    "bigInt.bitOr": compute((x, y) => x | y),
    "bigInt.bitAnd": compute((x, y) => x & y),
    "bigInt.pow": shift((x, by) => x ** by),
    "bigInt.leftShift": shift((x, by) => x << by),
    "bigInt.rightShift": shift((x, by) => x >> by),
    "bigInt.fromString": (text = 0) => heap().newBigInt(BigInt(heap().readString(text))),
    "typeConversion.bigIntToString": (x = 0) => heap().newString(`${heap().readBigInt(x)}`),
    "typeConversion.bigIntToHex": (x = 0) => heap().newString(hexOf(heap().readBigInt(x))),
    "typeConversion.bytesToHex": (x = 0) => heap().newString(`0x${Buffer.from(heap().readBytes(x)).toString("hex")}`),
    "typeConversion.bytesToString": (x = 0) => {
      return heap().newString(new TextDecoder().decode(heap().readBytes(x)).replace(/\0+$/, ""));
    },
    "typeConversion.stringToH160": (text = 0) => heap().newBytes(hexToBytes(heap().readString(text) as Hex)),
  };
}

function hexOf(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
