import { type Hex, zeroHash } from "viem";
import { keccak256 } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import { TRACE_CHUNK_BYTES, TRACE_ENTRY_BYTES } from "./generated/constants.ts";
import { traceLeafTypes } from "./generated/typed-data.ts";
import { merkleProof, merkleRoot } from "./merkle.ts";
import { structHash } from "./struct-hash.ts";

/** One of the tokens that the model thought likeliest. */
export interface TraceCandidate {
  readonly id: number;
  /** At temperature 1; in a trace a multiple of 1/256 between -128 and 128. */
  readonly logit: number;
}

/** What a provider commits to for each token that the model chose. */
export interface TraceEntry {
  /** The id that was chosen. */
  readonly token: number;
  /** The {@link TRACE_CANDIDATES} highest logits, ranked, equals by the lower id. */
  readonly candidates: readonly TraceCandidate[];
}

/** The manifest's name for this kind of trace. */
export const TRACE_KIND = "top8-int16";

/** Logits committed for each token. */
export const TRACE_CANDIDATES = 8;

/** Entries of one chunk: what one leaf commits to and one demand asks for. */
export const TRACE_CHUNK_ENTRIES = Number(TRACE_CHUNK_BYTES) / TRACE_ENTRY_BYTES;

const LOGIT_SCALE = 256;
const INT16_MIN = -32_768;
const INT16_MAX = 32_767;

/** Logits of a trace go no further, up or down. */
export const MAX_TRACE_LOGIT = INT16_MAX / LOGIT_SCALE;

const CHUNK_BYTES = Number(TRACE_CHUNK_BYTES);

/** The bytes of a trace: logits times 256, rounded half away from zero, clipped to 16 bits. */
export function encodeTrace(entries: readonly TraceEntry[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * TRACE_ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  entries.forEach(({ token, candidates }, index) => {
    if (candidates.length !== TRACE_CANDIDATES) {
      throw new InvalidDataError("trace", [`${index}.candidates: must be ${TRACE_CANDIDATES}`]);
    }
    let offset = index * TRACE_ENTRY_BYTES;
    view.setUint32(offset, token);
    offset += 4;
    for (const { id, logit } of candidates) {
      view.setUint32(offset, id);
      view.setInt16(offset + 4, quantise(logit));
      offset += 6;
    }
  });
  return bytes;
}

/** The entries behind the bytes of a trace. Throws `INVALID_DATA` for a length that no trace has. */
export function decodeTrace(bytes: Uint8Array): TraceEntry[] {
  if (bytes.length % TRACE_ENTRY_BYTES !== 0) {
    throw new InvalidDataError("trace", [`all: ${bytes.length} bytes are not a multiple of ${TRACE_ENTRY_BYTES}`]);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / TRACE_ENTRY_BYTES }, (_, index) => {
    const start = index * TRACE_ENTRY_BYTES;
    const candidates = Array.from({ length: TRACE_CANDIDATES }, (_, rank) => {
      const offset = start + 4 + rank * 6;
      return { id: view.getUint32(offset), logit: view.getInt16(offset + 4) / LOGIT_SCALE };
    });
    return { token: view.getUint32(start), candidates };
  });
}

/** The leaf of one chunk. Mirrors `LeafLib.traceLeaf`. */
export function traceLeaf({ chunk, chunkHash }: { readonly chunk: number; readonly chunkHash: Hex }): Hex {
  const data = { chunk: BigInt(chunk), chunkHash };
  return structHash(traceLeafTypes, "TraceLeaf", data);
}

/** How many chunks a trace of so many entries has; none for an empty one. */
export function traceChunkCount(entries: number): number {
  return entries === 0 ? 0 : Math.floor((entries * TRACE_ENTRY_BYTES) / CHUNK_BYTES) + 1;
}

/**
 * A trace cut into chunks of `TRACE_CHUNK_BYTES`. The last one is never full, and empty if need be: by that a provider
 * shows that there is none behind it. No chunks for an empty trace.
 */
export function traceChunks(trace: Uint8Array): Uint8Array[] {
  const count = traceChunkCount(trace.length / TRACE_ENTRY_BYTES);
  return Array.from({ length: count }, (_, chunk) => trace.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES));
}

/** The Merkle root over the leaves of a trace's chunks; zero for an empty trace. */
export function traceRoot(trace: Uint8Array): Hex {
  return trace.length === 0 ? zeroHash : merkleRoot(traceLeaves(trace));
}

/** One chunk with the siblings from its leaf to the trace root: what answers a demand. */
export interface ProvenChunk {
  /** The one that was asked for, or the last. */
  readonly chunk: number;
  readonly bytes: Uint8Array;
  readonly proof: readonly Hex[];
}

/** Proves one chunk of a trace, or the last one where there are fewer. An empty trace needs no proof. */
export function proveChunk(trace: Uint8Array, chunk: number): ProvenChunk {
  const chunks = traceChunks(trace);
  const given = Math.min(chunk, Math.max(0, chunks.length - 1));
  const bytes = chunks[given];
  return bytes === undefined
    ? { chunk: given, bytes: trace, proof: [] }
    : { chunk: given, bytes, proof: merkleProof(traceLeaves(trace), given) };
}

function traceLeaves(trace: Uint8Array): Hex[] {
  return traceChunks(trace).map((bytes, chunk) => traceLeaf({ chunk, chunkHash: keccak256(bytes) }));
}

function quantise(logit: number): number {
  const rounded = Math.sign(logit) * Math.round(Math.abs(logit) * LOGIT_SCALE); // Math.round alone takes -0.5 up.
  return Math.min(INT16_MAX, Math.max(INT16_MIN, rounded));
}
