import type { AbiParameter, Hex } from "viem";
import { hexToBytes } from "viem";
import { type AscHeap, TYPE } from "./asc-heap.ts";

/**
 * Kinds of values of events, by their number.
 *
 * Source: `ethereum.ValueKind` in `@graphprotocol/graph-ts/chain/ethereum.ts`.
 */
const KIND = {
  address: 0,
  fixedBytes: 1,
  bytes: 2,
  int: 3,
  uint: 4,
  bool: 5,
  string: 6,
  fixedArray: 7,
  array: 8,
  tuple: 9,
};

/** A block as its RPC node tells it. */
export interface EventBlock {
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly sha3Uncles: Hex;
  readonly miner: Hex;
  readonly stateRoot: Hex;
  readonly transactionsRoot: Hex;
  readonly receiptsRoot: Hex;
  readonly number: bigint;
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  readonly timestamp: bigint;
  readonly difficulty: bigint;
  readonly size: bigint;
  readonly baseFeePerGas: bigint | null;
}

export interface EventTransaction {
  readonly hash: Hex;
  readonly transactionIndex: number;
  readonly from: Hex;
  readonly to: Hex | null;
  readonly value: bigint;
  readonly gas: bigint;
  readonly gasPrice?: bigint;
  readonly input: Hex;
  readonly nonce: number;
}

/** A decoded log with all that mappings may ask of it. */
export interface ChainEvent {
  readonly address: Hex;
  readonly logIndex: number;
  readonly block: EventBlock;
  readonly transaction: EventTransaction;
  readonly inputs: readonly AbiParameter[];
  readonly values: readonly unknown[];
}

/** The event as `ethereum.Event` of graph-ts, without receipt. */
export function newEvent(heap: AscHeap, event: ChainEvent): number {
  const parameters = event.inputs.map((input, index) =>
    heap.newObject(TYPE.eventParam, [
      heap.newString(input.name ?? ""),
      newValue(heap, input, input.type, event.values[index]),
    ]),
  );
  const index = heap.newBigInt(BigInt(event.logIndex));
  return heap.newObject(TYPE.event, [
    bytes(heap, event.address),
    index,
    index,
    0,
    newBlock(heap, event.block),
    newTransaction(heap, event.transaction),
    heap.newArray(TYPE.arrayEventParam, parameters),
    0,
  ]);
}

function newBlock(heap: AscHeap, block: EventBlock): number {
  return heap.newObject(TYPE.block, [
    bytes(heap, block.hash),
    bytes(heap, block.parentHash),
    bytes(heap, block.sha3Uncles),
    bytes(heap, block.miner),
    bytes(heap, block.stateRoot),
    bytes(heap, block.transactionsRoot),
    bytes(heap, block.receiptsRoot),
    heap.newBigInt(block.number),
    heap.newBigInt(block.gasUsed),
    heap.newBigInt(block.gasLimit),
    heap.newBigInt(block.timestamp),
    heap.newBigInt(block.difficulty),
    heap.newBigInt(0n),
    heap.newBigInt(block.size),
    block.baseFeePerGas === null ? 0 : heap.newBigInt(block.baseFeePerGas),
  ]);
}

function newTransaction(heap: AscHeap, transaction: EventTransaction): number {
  return heap.newObject(TYPE.transaction, [
    bytes(heap, transaction.hash),
    heap.newBigInt(BigInt(transaction.transactionIndex)),
    bytes(heap, transaction.from),
    transaction.to === null ? 0 : bytes(heap, transaction.to),
    heap.newBigInt(transaction.value),
    heap.newBigInt(transaction.gas),
    heap.newBigInt(transaction.gasPrice ?? 0n),
    bytes(heap, transaction.input),
    heap.newBigInt(BigInt(transaction.nonce)),
  ]);
}

/** A value as viem decodes it, as `ethereum.Value`. */
function newValue(heap: AscHeap, parameter: AbiParameter, type: string, value: unknown): number {
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) {
    const items = (value as unknown[]).map((item) => newValue(heap, parameter, array[1] ?? "", item));
    return tagged(heap, array[2] === "" ? KIND.array : KIND.fixedArray, heap.newArray(TYPE.arrayEthereumValue, items));
  }
  if (type === "tuple") {
    const { components = [] } = parameter as { components?: readonly AbiParameter[] };
    const members = value as Record<string, unknown>;
    const items = components.map((part) => newValue(heap, part, part.type, members[part.name ?? ""]));
    return tagged(heap, KIND.tuple, heap.newArray(TYPE.arrayEthereumValue, items));
  }
  if (type === "bool") return heap.newTagged(TYPE.ethereumValue, KIND.bool, value === true ? 1n : 0n);
  if (type === "string") return tagged(heap, KIND.string, heap.newString(value as string));
  if (type === "address") return tagged(heap, KIND.address, bytes(heap, value as Hex));
  if (type === "bytes") return tagged(heap, KIND.bytes, bytes(heap, value as Hex));
  if (type.startsWith("bytes")) return tagged(heap, KIND.fixedBytes, bytes(heap, value as Hex));
  const kind = type.startsWith("uint") ? KIND.uint : KIND.int;
  return tagged(heap, kind, heap.newBigInt(BigInt(value as bigint | number)));
}

function tagged(heap: AscHeap, kind: number, pointer: number): number {
  return heap.newTagged(TYPE.ethereumValue, kind, BigInt(pointer));
}

function bytes(heap: AscHeap, hex: Hex): number {
  return heap.newBytes(hexToBytes(hex));
}
