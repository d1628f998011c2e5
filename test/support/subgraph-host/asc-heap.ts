/**
 * Ids of classes as `id_of_type` of graph-ts takes them.
 *
 * Source: `TypeId` in `@graphprotocol/graph-ts/global/global.ts`.
 */
export const TYPE = {
  string: 0,
  arrayBuffer: 1,
  uint8Array: 6,
  arrayEthereumValue: 15,
  arrayStoreValue: 16,
  arrayEventParam: 19,
  arrayEntry: 21,
  eventParam: 23,
  transaction: 24,
  block: 25,
  ethereumValue: 30,
  storeValue: 31,
  event: 33,
  entry: 34,
  entity: 36,
} as const;

/** Exports of a compiled mapping that the host needs. */
export interface HeapExports {
  readonly memory: WebAssembly.Memory;
  allocate(size: number): number;
  id_of_type(type: number): number;
}

const HEADER = 20;
const ARENA = 65_536;

/**
 * Reads and writes objects of AssemblyScript 0.19 in a mapping's memory. Pointers point at the content, behind a header of 20
 * bytes: block size, two words of the collector (which mappings do not run), class id, content size. The mapping's runtime never
 * frees.
 *
 * Source: https://www.assemblyscript.org/runtime.html (memory layout).
 */
export class AscHeap {
  readonly #exports: HeapExports;
  readonly #classIds = new Map<number, number>();
  #free = 0;
  #end = 0;

  constructor(exports: HeapExports) {
    this.#exports = exports;
  }

  readBytes(pointer: number): Uint8Array {
    const [, start = 0, length = 0] = this.words(pointer, 3);
    return new Uint8Array(this.#exports.memory.buffer, start, length).slice();
  }

  readString(pointer: number): string {
    const bytes = new Uint8Array(this.#exports.memory.buffer, pointer, this.#sizeOf(pointer)).slice();
    return new TextDecoder("utf-16le").decode(bytes);
  }

  readBigInt(pointer: number): bigint {
    return fromLittleEndian(this.readBytes(pointer));
  }

  /** The pointers in an array of objects. */
  readPointers(pointer: number): number[] {
    const [, start = 0, , length = 0] = this.words(pointer, 4);
    return this.words(start, length);
  }

  /** So many 32-bit words of an object. */
  words(pointer: number, count: number): number[] {
    if (pointer === 0) throw new Error("a mapping passed null where the host expects an object");
    const view = new DataView(this.#exports.memory.buffer);
    return Array.from({ length: count }, (_, index) => view.getUint32(pointer + 4 * index, true));
  }

  /** A tagged value of 16 bytes: kind, padding, 64-bit payload. */
  readTagged(pointer: number): { readonly kind: number; readonly payload: bigint } {
    const view = new DataView(this.#exports.memory.buffer);
    return { kind: view.getInt32(pointer, true), payload: view.getBigInt64(pointer + 8, true) };
  }

  newString(text: string): number {
    const content = new Uint8Array(2 * text.length);
    const view = new DataView(content.buffer);
    for (let index = 0; index < text.length; index++) view.setUint16(2 * index, text.charCodeAt(index), true);
    return this.#new(TYPE.string, content);
  }

  /** A Bytes, Address or ByteArray: all are Uint8Arrays. */
  newBytes(bytes: Uint8Array): number {
    const buffer = this.#new(TYPE.arrayBuffer, bytes);
    return this.newObject(TYPE.uint8Array, [buffer, buffer, bytes.length]);
  }

  /** A BigInt: two's complement, little-endian, as short as can be. */
  newBigInt(value: bigint): number {
    return this.newBytes(toLittleEndian(value));
  }

  newArray(type: number, pointers: readonly number[]): number {
    const buffer = this.#new(TYPE.arrayBuffer, wordsOf(pointers));
    return this.newObject(type, [buffer, buffer, 4 * pointers.length, pointers.length]);
  }

  /** An object whose fields are all pointers or 32-bit words. */
  newObject(type: number, fields: readonly number[]): number {
    return this.#new(type, wordsOf(fields));
  }

  newTagged(type: number, kind: number, payload: bigint): number {
    const content = new Uint8Array(16);
    const view = new DataView(content.buffer);
    view.setInt32(0, kind, true);
    view.setBigInt64(8, payload, true);
    return this.#new(type, content);
  }

  #new(type: number, content: Uint8Array): number {
    const size = Math.ceil((HEADER + content.length) / 16) * 16;
    if (this.#free + size > this.#end) {
      const arena = Math.max(size + 16, ARENA);
      // Content lies at multiples of 16, behind the word in which a raw allocation has its size.
      this.#free = this.#exports.allocate(arena) + 12;
      this.#end = this.#free + arena - 12;
    }
    const start = this.#free;
    this.#free += size;
    const view = new DataView(this.#exports.memory.buffer);
    view.setUint32(start, size - 4, true);
    view.setUint32(start + 12, this.#classId(type), true);
    view.setUint32(start + 16, content.length, true);
    new Uint8Array(this.#exports.memory.buffer).set(content, start + HEADER);
    return start + HEADER;
  }

  #classId(type: number): number {
    const known = this.#classIds.get(type) ?? this.#exports.id_of_type(type);
    this.#classIds.set(type, known);
    return known;
  }

  #sizeOf(pointer: number): number {
    return new DataView(this.#exports.memory.buffer).getUint32(pointer - 4, true);
  }
}

function wordsOf(values: readonly number[]): Uint8Array {
  const content = new Uint8Array(4 * values.length);
  const view = new DataView(content.buffer);
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value, true);
  return content;
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

function toLittleEndian(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
  } while (BigInt.asIntN(8 * bytes.length, value) !== value);
  return Uint8Array.from(bytes);
}
