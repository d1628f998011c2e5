import type { Hex } from "viem";
import { bytesToHex } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import { TRACE_ENTRY_BYTES } from "./generated/constants.ts";
import { decodeOutput, encodeOutput, type ItemFailure, type ItemOutput } from "./output.ts";
import { type InferenceRequest, readRequest } from "./request.ts";
import { decodeTrace, type TraceEntry, traceRoot } from "./trace.ts";

/** One item of a result: what was asked, and what the provider answers for. */
export interface ItemClaim {
  /** Position in the job. */
  readonly index: number;
  /** The exact bytes of the request. */
  readonly request: Uint8Array;
  /** The exact bytes of the output. */
  readonly output: Uint8Array;
  /** All bytes of the trace; empty where there is none. */
  readonly trace: Uint8Array;
  /** As committed to in the result leaf. */
  readonly traceRoot: Hex;
  /** Sampling seed of a request that names none, see `baseSeed`: use it through `seedOf`. */
  readonly seed: Hex;
}

/** How a claim contradicts itself or its request. */
export type FaultCode =
  | "OUTPUT_UNREADABLE"
  | "TRACE_UNREADABLE"
  | "TRACE_ROOT_MISMATCH"
  | "TRACE_DISORDERED"
  | "TRACE_MISSING"
  | "TOKEN_UNKNOWN"
  | "TOKENS_MISMATCH"
  | "ERROR_FALSE"
  | "ERROR_MISSING"
  | "PROMPT_TOKENS_WRONG"
  | "LENGTH_WRONG"
  | "FINISH_REASON_WRONG"
  | "TEXT_WRONG";

/** One contradiction. No tolerance excuses it: it shows on every machine alike. */
export interface Fault {
  /** Position of the item in the job. */
  readonly item: number;
  readonly code: FaultCode;
  /** A sentence for people. */
  readonly message: string;
}

/** The parts of a claim, read. */
export interface ReadClaim {
  /** The request, or the error that it must be answered with. */
  readonly request: InferenceRequest | ItemFailure;
  readonly output: ItemOutput;
  readonly entries: readonly TraceEntry[];
}

/** Ends a check at the first contradiction. */
export class FaultError extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Goes on only if the claim is as it must be. Throws a {@link FaultError}. */
export function insist(isTrue: boolean, code: FaultCode, message: string): asserts isTrue {
  if (!isTrue) {
    throw new FaultError(code, message);
  }
}

/** What a check gives, or the fault that it ended with. */
export async function faultOr<T>(index: number, check: () => T | Promise<T>): Promise<T | Fault> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof FaultError) {
      return { item: index, code: error.code, message: error.message };
    }
    throw error;
  }
}

/** What is known of the model of a claim. */
export interface ClaimTerms {
  /** Whether the model's terms ask for traces. */
  readonly isTraced: boolean;
  /** More tokens than an output can have. Longer traces are not even read. */
  readonly maxTokens?: number;
}

/**
 * Reads a claim and checks all that can be seen without the model.
 *
 * @throws FaultError
 */
export function readClaim(claim: Omit<ItemClaim, "seed">, { isTraced, maxTokens }: ClaimTerms): ReadClaim {
  const output = readOutput(claim.output);
  const entries = readTrace(claim, maxTokens);
  const request = readRequest(claim.request);
  if ("error" in request) {
    insistOnError(output, request, entries);
  } else if ("error" in output) {
    insist(entries.length === 0, "TOKENS_MISMATCH", "An error has no trace.");
  } else {
    const { tokens } = output;
    insist(!isTraced || entries.length > 0, "TRACE_MISSING", "The item has no trace.");
    const isSame = tokens.every((token, index) => token === entries[index]?.token);
    const surplus = entries.length - tokens.length; // One, where the model chose to end.
    insist(entries.length === 0 || (isSame && surplus <= 1), "TOKENS_MISMATCH", "The trace is of other tokens.");
    const isPlain = output.toolCalls === undefined;
    insist(isPlain || (!isTraced && entries.length === 0), "TEXT_WRONG", "No tokens of the trace call tools.");
    const { maxTokens: asked = tokens.length } = request;
    insist(tokens.length <= asked, "LENGTH_WRONG", `At most ${asked} tokens were asked for.`);
  }
  return { request, output, entries };
}

/** An error is deterministic, so a claimed one must be the same to the letter, and has no trace. Throws a {@link FaultError}. */
export function insistOnError(output: ItemOutput, { error }: ItemFailure, entries: readonly TraceEntry[]): void {
  const isSame = "error" in output && output.error.code === error.code && output.error.message === error.message;
  insist(isSame, "ERROR_MISSING", `The output must be the error ${error.code}.`);
  insist(entries.length === 0, "TOKENS_MISMATCH", "An error has no trace.");
}

function readOutput(bytes: Uint8Array): ItemOutput {
  const output = readAs("OUTPUT_UNREADABLE", () => decodeOutput(bytes));
  const isCanonical = bytesToHex(encodeOutput(output)) === bytesToHex(bytes);
  insist(isCanonical, "OUTPUT_UNREADABLE", "The output is not in its canonical form.");
  return output;
}

function readTrace(
  { trace, traceRoot: committed }: Pick<ItemClaim, "trace" | "traceRoot">,
  maxTokens = Number.POSITIVE_INFINITY,
): readonly TraceEntry[] {
  insist(traceRoot(trace) === committed, "TRACE_ROOT_MISMATCH", "The trace is not the one that was committed to.");
  insist(
    trace.length <= maxTokens * TRACE_ENTRY_BYTES,
    "LENGTH_WRONG",
    "The trace is longer than the model's context.",
  );
  const entries = readAs("TRACE_UNREADABLE", () => decodeTrace(trace));
  insist(entries.every(isRanked), "TRACE_DISORDERED", "The trace has logits that are not ranked, or ids twice.");
  return entries;
}

function isRanked({ candidates }: TraceEntry): boolean {
  const isFalling = candidates.every(({ logit }, rank) => rank === 0 || logit <= (candidates[rank - 1]?.logit ?? 0));
  return isFalling && new Set(candidates.map(({ id }) => id)).size === candidates.length;
}

function readAs<T>(code: FaultCode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InvalidDataError ? new FaultError(code, error.message) : error;
  }
}
