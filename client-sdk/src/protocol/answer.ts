import { type Hex, zeroHash } from "viem";
import { bytesToHex } from "viem/utils";
import type { Answer } from "./court.ts";
import { inputLeaves, type JobResults, resultLeaves } from "./leaf.ts";
import { merkleProof } from "./merkle.ts";
import { proveChunk } from "./trace.ts";

/** All that a provider keeps of a job, and what of it is demanded. */
export interface AnswerSource extends JobResults {
  /** keccak256 of the bytes of each request, in order. */
  readonly requestHashes: readonly Hex[];
  /** The demanded item and chunk. */
  readonly item: number;
  readonly chunk: number;
  /** The item's exact bytes. */
  readonly request: Uint8Array;
  readonly output: Uint8Array;
  /** The item's whole trace; empty where the model id asks for none. */
  readonly trace: Uint8Array;
}

const NONE = "0x";

/**
 * The answer to a demand: chunk 0 brings request, output and the first chunk of the trace, chunk n that chunk alone.
 * Where the trace has fewer chunks, its last one says so.
 *
 * @throws TouchstoneError `MERKLE_NO_SUCH_LEAF` for an item that the job has not.
 */
export function answerOf(source: AnswerSource): Answer {
  const { job, provider, items, requestHashes, item, chunk, request, output, trace } = source;
  const { outputHash = zeroHash, traceRoot = zeroHash } = items[item] ?? {};
  const isWhole = chunk === 0;
  const proven = proveChunk(trace, chunk);
  return {
    outputHash,
    traceRoot,
    resultProof: merkleProof(resultLeaves({ job, provider, items }), item),
    inputProof: isWhole ? merkleProof(inputLeaves(requestHashes), item) : [],
    traceProof: proven.proof,
    request: isWhole ? bytesToHex(request) : NONE,
    output: isWhole ? bytesToHex(output) : NONE,
    traceChunk: proven.chunk,
    trace: bytesToHex(proven.bytes),
  };
}
