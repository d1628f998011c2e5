import { closeSync, openSync, readSync, writeSync } from "node:fs";

/** Numbers of `ggml_type` that this file can hold. */
export const GGML = { f32: 0, f16: 1, q4_0: 2, q8_0: 8 } as const;
export type GgmlType = (typeof GGML)[keyof typeof GGML];

/** One tensor; its bytes are read when they are needed, for a model may be larger than memory is free. */
export interface GgufTensor {
  readonly name: string;
  /** Numbers in each dimension, the row first. */
  readonly dimensions: readonly number[];
  readonly type: GgmlType;
  read(): Uint8Array;
}

/** A model file: metadata as its encoded bytes, and tensors. */
export interface Gguf {
  readonly metadata: Uint8Array;
  readonly metadataCount: number;
  readonly tensors: readonly GgufTensor[];
}

/** A value of the metadata. A plain number is a uint32. */
export type GgufValue = string | number | boolean | Float32Array | Int32Array | readonly string[] | { float: number };

const MAGIC = 0x46554747; // "GGUF"
const VERSION = 3;
const ALIGNMENT = 32;
const KIND = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;
/** Bytes of the other kinds of values, by number: uint8, int8, uint16, int16 and so on. */
const SCALAR_BYTES: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 },
};
/** Numbers in a block of a type, and bytes of the block. */
const BLOCKS: Readonly<Record<GgmlType, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  8: [32, 34],
};

/** Bytes of a tensor. */
function tensorBytes({ dimensions, type }: Pick<GgufTensor, "dimensions" | "type">): number {
  const [numbers, bytes] = BLOCKS[type];
  return (dimensions.reduce((product, size) => product * size, 1) / numbers) * bytes;
}

/** Writes a model file (GGUF 3), tensor by tensor. */
export function writeGguf(file: string, { metadata, metadataCount, tensors }: Gguf): void {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(VERSION, 4);
  header.writeBigUInt64LE(BigInt(tensors.length), 8);
  header.writeBigUInt64LE(BigInt(metadataCount), 16);
  let offset = 0;
  const infos = tensors.map(({ name, dimensions, type }) => {
    const info = [text(name), uint32(dimensions.length), ...dimensions.map(uint64), uint32(type), uint64(offset)];
    offset = aligned(offset + tensorBytes({ dimensions, type }));
    return Buffer.concat(info);
  });
  const head = Buffer.concat([header, metadata, ...infos]);
  const descriptor = openSync(file, "w");
  try {
    writeSync(descriptor, padded(head));
    for (const tensor of tensors) {
      writeSync(descriptor, padded(tensor.read()));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Reads the head of a model file; throws `RangeError` for a type of tensor that is not in {@link GGML}. */
export function readGguf(file: string): Gguf {
  const descriptor = openSync(file, "r");
  const head = Buffer.alloc(64 * 2 ** 20);
  const length = readSync(descriptor, head, 0, head.length, 0);
  closeSync(descriptor);
  const reader = new Reader(head.subarray(0, length));
  const [magic] = [reader.uint32(), reader.uint32()];
  if (magic !== MAGIC) {
    throw new RangeError(`${file} is no GGUF file.`);
  }
  const [tensorCount, metadataCount] = [reader.uint64(), reader.uint64()];
  const start = reader.position;
  for (let index = 0; index < metadataCount; index++) {
    reader.text();
    reader.skipValue(reader.uint32());
  }
  const metadata = head.subarray(start, reader.position);
  const infos = Array.from({ length: tensorCount }, () => reader.tensor());
  const data = aligned(reader.position);
  const tensors = infos.map(({ offset, ...info }) => ({ ...info, read: () => slice(file, data + offset, info) }));
  return { metadata, metadataCount, tensors };
}

/** Encodes metadata. */
export function encodeMetadata(values: Readonly<Record<string, GgufValue>>): Pick<Gguf, "metadata" | "metadataCount"> {
  const entries = Object.entries(values);
  return {
    metadata: Buffer.concat(entries.flatMap(([key, value]) => [text(key), encodeValue(value)])),
    metadataCount: entries.length,
  };
}

function encodeValue(value: GgufValue): Buffer {
  if (typeof value === "string") {
    return Buffer.concat([uint32(KIND.string), text(value)]);
  }
  if (typeof value === "number") {
    return Buffer.concat([uint32(KIND.uint32), uint32(value)]);
  }
  if (typeof value === "boolean") {
    return Buffer.concat([uint32(KIND.bool), Buffer.from([Number(value)])]);
  }
  if (value instanceof Float32Array || value instanceof Int32Array) {
    const kind = value instanceof Float32Array ? KIND.float32 : KIND.int32;
    return Buffer.concat([uint32(KIND.array), uint32(kind), uint64(value.length), Buffer.from(value.buffer)]);
  }
  if ("float" in value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value.float);
    return Buffer.concat([uint32(KIND.float32), bytes]);
  }
  return Buffer.concat([uint32(KIND.array), uint32(KIND.string), uint64(value.length), ...value.map(text)]);
}

function slice(file: string, position: number, tensor: Pick<GgufTensor, "dimensions" | "type">): Uint8Array {
  const bytes = Buffer.alloc(tensorBytes(tensor));
  const descriptor = openSync(file, "r");
  readSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
  return bytes;
}

class Reader {
  position = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  uint32(): number {
    this.position += 4;
    return this.#bytes.readUInt32LE(this.position - 4);
  }

  uint64(): number {
    this.position += 8;
    return Number(this.#bytes.readBigUInt64LE(this.position - 8));
  }

  text(): string {
    const length = this.uint64();
    this.position += length;
    return this.#bytes.toString("utf8", this.position - length, this.position);
  }

  skipValue(kind: number): void {
    if (kind === KIND.string) {
      this.text();
    } else if (kind === KIND.array) {
      const [itemKind, count] = [this.uint32(), this.uint64()];
      for (let index = 0; index < count; index++) {
        this.skipValue(itemKind);
      }
    } else {
      this.position += SCALAR_BYTES[kind] ?? Number.NaN;
    }
  }

  tensor(): Omit<GgufTensor, "read"> & { readonly offset: number } {
    const name = this.text();
    const dimensions = Array.from({ length: this.uint32() }, () => this.uint64());
    const type = this.uint32() as GgmlType;
    if (BLOCKS[type] === undefined) {
      throw new RangeError(`Tensor ${name} has the type ${type}, which is not read here.`);
    }
    return { name, dimensions, type, offset: this.uint64() };
  }
}

const aligned = (size: number) => Math.ceil(size / ALIGNMENT) * ALIGNMENT;
const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
const text = (value: string) => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
