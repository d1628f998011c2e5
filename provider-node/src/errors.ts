import { TouchstoneError } from "@touchstone/sdk/protocol";

/**
 * What an error means for the work it interrupts.
 *
 * - `refused`: the node will not do what it was asked; nothing was begun.
 * - `retryable`: the same may succeed later with nothing changed.
 * - `failed`: this piece of work is over; the node goes on.
 * - `fatal`: the node must stop; going on could lose money or data.
 */
export type ErrorKind = "refused" | "retryable" | "failed" | "fatal";

/** Every code of the node, once, with what it means. */
const KINDS = {
  // Settings, keys and models: what must be mended before a node can run.
  CONFIG_UNREADABLE: "refused",
  CONFIG_UNKNOWN_KEY: "refused",
  CONFIG_INVALID: "refused",
  CONFIG_MISSING: "refused",
  KEYSTORE_MISSING: "refused",
  KEYSTORE_EXISTS: "refused",
  KEYSTORE_INVALID: "refused",
  KEYSTORE_PASSWORD_MISSING: "refused",
  KEYSTORE_PASSWORD_WRONG: "refused",
  MODEL_UNKNOWN: "refused",
  MODEL_MISMATCH: "refused",
  MODEL_UNSUPPORTED: "refused",
  MODEL_UNAVAILABLE: "retryable",
  ENGINE_UNAVAILABLE: "refused",

  // Policy: why a job is not taken.
  MODEL_NOT_SERVED: "refused",
  WRONG_PROVIDER: "refused",
  BUYER_NOT_SERVED: "refused",
  TOO_MANY_ITEMS: "refused",
  ITEM_TOO_LARGE: "refused",
  SPEC_NOT_LISTABLE: "refused",
  CHALLENGE_WINDOW_TOO_LONG: "refused",
  PRICE_TOO_LOW: "refused",
  TOO_LATE: "refused",
  NOT_IN_TIME: "refused",
  EXPOSURE_EXCEEDED: "retryable",
  AT_CAPACITY: "retryable",
  DRAINING: "retryable",

  // Quotes and orders.
  INPUT_UNKNOWN: "refused",
  QUOTE_EXPIRED: "refused",
  ORDER_SIGNATURE_INVALID: "refused",
  JOB_ALREADY_KNOWN: "refused",
  RESERVE_TOO_LOW: "refused",
  RESERVE_SHRUNK: "retryable",

  // Inputs.
  INPUT_NOWHERE: "refused",
  INPUT_URL_FORBIDDEN: "refused",
  INPUT_MISMATCH: "refused",
  INPUT_TOO_LARGE: "refused",
  INPUT_UNREACHABLE: "retryable",

  // Disk.
  DISK_FULL: "retryable",
  STORE_QUOTA_REACHED: "retryable",
  BLOB_CORRUPT: "failed",
  BLOB_MISSING: "failed",
  STORE_LOCKED: "fatal",
  STORE_FOREIGN: "fatal",
  STORE_TOO_NEW: "fatal",
  STORE_UNUSABLE: "fatal",
  SIGNATURE_CONFLICT: "failed",

  // Chain.
  RPC_UNAVAILABLE: "retryable",
  MARKET_MISSING: "fatal",
  COURT_MISSING: "fatal",
  REORG_PAST_FINALITY: "fatal",
  NOT_OPERATOR: "fatal",
  FEE_ABOVE_CAP: "retryable",
  GAS_MONEY_MISSING: "retryable",
  TOKENS_MISSING: "retryable",
  BOND_TOO_LOW: "refused",
  BOND_NOT_DUE: "retryable",
  NONCE_TAKEN: "retryable",
  TRANSACTION_REVERTED: "retryable",
  STOPPED: "retryable",

  // Cases.
  EVIDENCE_UNREACHABLE: "retryable",
  EVIDENCE_CONTRADICTORY: "retryable",
  OWN_JOB: "failed",
  WORD_LOST: "failed",

  // Work.
  ENGINE_FAILED: "retryable",
  WORK_ABANDONED: "failed",
} as const satisfies Record<string, ErrorKind>;

/** Names one kind of failure of the node. */
export type NodeErrorCode = keyof typeof KINDS;

/** What a {@link NodeError} carries beside its sentence. */
export interface NodeErrorOptions {
  readonly cause?: unknown;
  /** The data behind the sentence. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A failure of the node: a `code` for programs, a sentence that says how to mend it, data, and what it means. */
export class NodeError extends TouchstoneError {
  override readonly name = "NodeError";
  declare readonly code: NodeErrorCode;
  readonly kind: ErrorKind;

  constructor(code: NodeErrorCode, message: string, { cause, details = {} }: NodeErrorOptions = {}) {
    const kind = KINDS[code];
    super(message, { code, cause, details, retryable: kind === "retryable" });
    this.kind = kind;
  }
}

/** Whether an error means that the node must stop. */
export function isFatal(error: unknown): boolean {
  return error instanceof NodeError && error.kind === "fatal";
}
