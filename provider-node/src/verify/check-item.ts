import {
  decodeOutput,
  decodeTrace,
  encodeOutput,
  errorOutput,
  type InferenceRequest,
  InvalidDataError,
  type ItemCompletion,
  type ItemFailure,
  type ItemOutput,
  parseRequest,
  RequestError,
  type TraceEntry,
  traceRoot,
} from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Engine, Reading } from "../engine/engine.ts";

/** One item of a claim: what was asked, and what the provider answers for. */
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
  /** Sampling seed, see `samplingSeed`. */
  readonly seed: Hex;
}

/** How a claim contradicts itself or its request. */
export type FaultCode =
  | "OUTPUT_UNREADABLE"
  | "TRACE_UNREADABLE"
  | "TRACE_ROOT_MISMATCH"
  | "TRACE_DISORDERED"
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
  readonly item: number;
  readonly code: FaultCode;
  /** A sentence for people. */
  readonly message: string;
}

/** An item whose claim is in order. Without a request it is a rightful error. */
export interface SoundItem {
  readonly request: InferenceRequest | undefined;
  /** What remains to be checked against the model's logits. */
  readonly entries: readonly TraceEntry[];
}

/** Checks all of an item that needs no run of the model; gives the first fault, or what remains to be checked. */
export async function checkItem(engine: Engine, claim: ItemClaim): Promise<SoundItem | Fault> {
  try {
    return await readClaim(engine, claim);
  } catch (error) {
    if (error instanceof FaultError) {
      return { item: claim.index, code: error.code, message: error.message };
    }
    throw error;
  }
}

/** Whether a check ended with a fault. */
export function isFault(check: SoundItem | Fault): check is Fault {
  return "code" in check;
}

class FaultError extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

function require(isTrue: boolean, code: FaultCode, message: string): asserts isTrue {
  if (!isTrue) {
    throw new FaultError(code, message);
  }
}

async function readClaim(engine: Engine, claim: ItemClaim): Promise<SoundItem> {
  const output = readOutput(claim.output);
  const entries = readTrace(claim);
  const request = readRequest(claim.request);
  const tokens = entries.map(({ token }) => token);
  const { vocabulary } = engine.model;
  require(tokens.every(
    (token) => token < vocabulary,
  ), "TOKEN_UNKNOWN", "The trace has a token that the model has not.");
  const reading = "error" in request ? request : await engine.read(request, tokens);
  if ("error" in reading) {
    requireError(output, reading, entries);
    return { request: undefined, entries };
  }
  require(!("error" in output), "ERROR_FALSE", "The provider refused an item that the model serves.");
  requireCompletion(output, reading, entries.length);
  return { request: request as InferenceRequest, entries };
}

function readOutput(bytes: Uint8Array): ItemOutput {
  let output: ItemOutput;
  try {
    output = decodeOutput(bytes);
  } catch (error) {
    throw asFault(error, "OUTPUT_UNREADABLE");
  }
  const isCanonical = Buffer.compare(encodeOutput(output), bytes) === 0;
  require(isCanonical, "OUTPUT_UNREADABLE", "The output is not in its canonical form.");
  return output;
}

function readTrace({ trace, traceRoot: committed }: ItemClaim): readonly TraceEntry[] {
  require(traceRoot(trace) === committed, "TRACE_ROOT_MISMATCH", "The trace is not the one that was committed to.");
  let entries: readonly TraceEntry[];
  try {
    entries = decodeTrace(trace);
  } catch (error) {
    throw asFault(error, "TRACE_UNREADABLE");
  }
  require(entries.every(isRanked), "TRACE_DISORDERED", "The trace has logits that are not ranked, or ids twice.");
  return entries;
}

function isRanked({ candidates }: TraceEntry): boolean {
  const isFalling = candidates.every(({ logit }, rank) => rank === 0 || logit <= (candidates[rank - 1]?.logit ?? 0));
  return isFalling && new Set(candidates.map(({ id }) => id)).size === candidates.length;
}

function readRequest(bytes: Uint8Array): InferenceRequest | ItemFailure {
  try {
    return parseRequest(bytes);
  } catch (error) {
    if (error instanceof RequestError) {
      return errorOutput(error.code, error.message);
    }
    throw error;
  }
}

/** An error is deterministic, so the claimed one must be the same to the letter. */
function requireError(output: ItemOutput, { error }: ItemFailure, entries: readonly TraceEntry[]): void {
  const isSame = "error" in output && output.error.code === error.code && output.error.message === error.message;
  require(isSame, "ERROR_MISSING", `The output must be the error ${error.code}.`);
  require(entries.length === 0, "TOKENS_MISMATCH", "An error has no trace.");
}

/** Holds an output to what its request makes of its tokens. */
function requireCompletion(output: ItemCompletion, reading: Reading, entries: number): void {
  const { tokens, finishReason, promptTokens, text } = output;
  const { limit, endsAt, stopsAfter } = reading;
  const isSame = tokens.length === reading.tokens.length && tokens.every((id, index) => id === reading.tokens[index]);
  require(isSame, "TOKENS_MISMATCH", "The output's tokens are not those of the trace.");
  require(endsAt === undefined || endsAt === entries - 1, "TOKENS_MISMATCH", "The trace goes on after its end.");
  require(promptTokens ===
    reading.promptTokens, "PROMPT_TOKENS_WRONG", `The prompt has ${reading.promptTokens} tokens.`);
  require(tokens.length <= limit, "LENGTH_WRONG", `At most ${limit} tokens were asked for.`);
  const isStopped = endsAt !== undefined || stopsAfter === tokens.length;
  require(stopsAfter === undefined || stopsAfter === entries, "LENGTH_WRONG", "The output goes on after a stop.");
  require(endsAt === undefined || tokens.length < limit, "LENGTH_WRONG", "The output was at its end already.");
  require(isStopped || tokens.length === limit, "LENGTH_WRONG", "The output ends before anything ended it.");
  require(finishReason === (isStopped ? "stop" : "length"), "FINISH_REASON_WRONG", "It ended for another reason.");
  require(text === reading.text, "TEXT_WRONG", "The text is not that of the tokens.");
}

function asFault(error: unknown, code: FaultCode): unknown {
  return error instanceof InvalidDataError ? new FaultError(code, error.message) : error;
}
