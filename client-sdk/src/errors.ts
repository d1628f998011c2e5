/** What a {@link TouchstoneError} is made of, beside its sentence. */
export interface TouchstoneErrorOptions {
  /** Names the kind of failure, in upper snake case. Programs decide by it; sentences may change. */
  readonly code: string;
  /** What this failure came from. */
  readonly cause?: unknown;
  /** Whether the same call may succeed later with nothing changed. Default: it will not. */
  readonly retryable?: boolean;
  /** The data behind the sentence. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The base of all errors of Touchstone: a `code` for programs, a sentence that says how to mend it for people, and data.
 *
 * @example
 * try {
 *   await buyer.postJob({ spec });
 * } catch (error) {
 *   if (error instanceof TouchstoneError && error.retryable) return retryLater();
 *   throw error;
 * }
 */
export class TouchstoneError extends Error {
  override readonly name: string = "TouchstoneError";
  /** Names the kind of failure. */
  readonly code: string;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** The data behind the sentence. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, { code, cause, retryable = false, details = {} }: TouchstoneErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    this.details = details;
  }

  /** The first error in the chain of causes, this one included, that `matches`; without it, the last of the chain. */
  walk(): unknown;
  walk(matches: (error: unknown) => boolean): unknown;
  walk(matches?: (error: unknown) => boolean): unknown {
    let current: unknown = this;
    for (;;) {
      if (matches?.(current)) {
        return current;
      }
      const next: unknown = current instanceof Error ? current.cause : undefined;
      if (next === undefined) {
        return matches === undefined ? current : undefined;
      }
      current = next;
    }
  }
}

/** Why an item of a job cannot be served. Its code and sentence become the item's output, so both are deterministic. */
export type RequestErrorCode =
  | "REQUEST_NOT_UTF8"
  | "REQUEST_NOT_JSON"
  | "REQUEST_NOT_AN_OBJECT"
  | "REQUEST_UNKNOWN_FIELD"
  | "REQUEST_INVALID_FIELD";

/** The bytes of an item are no request. */
export class RequestError extends TouchstoneError {
  override readonly name = "RequestError";
  declare readonly code: RequestErrorCode;

  constructor(code: RequestErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message, { code, details });
  }
}

/** Data from elsewhere that has not the shape it must have. `issues` says where and why. */
export class InvalidDataError extends TouchstoneError {
  override readonly name = "InvalidDataError";
  declare readonly code: "INVALID_DATA";
  /** What the data should have been, such as `provider card`. */
  readonly subject: string;
  readonly issues: readonly string[];

  constructor(subject: string, issues: readonly string[], cause?: unknown) {
    super(`Not a valid ${subject}: ${issues.join("; ")}.`, {
      code: "INVALID_DATA",
      cause,
      details: { subject, issues },
    });
    this.subject = subject;
    this.issues = issues;
  }
}

/** The market, or the token behind it, refused a call. The sentence says how to mend it. */
export class ContractRevertError extends TouchstoneError {
  override readonly name = "ContractRevertError";
  declare readonly code: "CONTRACT_REVERT";
  /** The Solidity error's name, such as `LedgerInsufficientBalance`; `Error` for a plain reason. */
  readonly errorName: string;
  /** The Solidity error's arguments, in order. */
  readonly args: readonly unknown[];

  constructor(
    message: string,
    options: {
      readonly errorName: string;
      readonly args: readonly unknown[];
      readonly retryable: boolean;
      readonly functionName: string;
      readonly cause?: unknown;
    },
  ) {
    const { errorName, args, functionName, retryable, cause } = options;
    super(message, { code: "CONTRACT_REVERT", cause, retryable, details: { errorName, args, functionName } });
    this.errorName = errorName;
    this.args = args;
  }
}

/** Options of the errors below: data behind the sentence, and what it came from. */
export interface ErrorContext {
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const RETRYABLE_CHAIN_ERRORS: readonly ChainErrorCode[] = ["RPC_FAILED"];

export type ChainErrorCode =
  | "ACCOUNT_MISSING"
  | "CALL_INVALID"
  | "CHAIN_MISMATCH"
  | "CHAIN_UNKNOWN"
  | "CHANNELS_MISSING"
  | "COURT_MISSING"
  | "EVENT_MISSING"
  | "GAS_MONEY_MISSING"
  | "MARKET_MISSING"
  | "RECEIPT_TIMEOUT"
  | "RPC_FAILED"
  | "TOKEN_BALANCE_LOW"
  | "TRANSACTION_REVERTED"
  | "WALLET_REFUSED";

/** Something between here and the chain failed. Where a transaction was sent, `details.hash` names it. */
export class ChainError extends TouchstoneError {
  override readonly name = "ChainError";
  declare readonly code: ChainErrorCode;

  constructor(code: ChainErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code, retryable: RETRYABLE_CHAIN_ERRORS.includes(code) });
  }
}

const RETRYABLE_STATUS: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

export type HttpErrorCode = "HTTP_BAD_URL" | "HTTP_UNREACHABLE" | "HTTP_TIMEOUT" | "HTTP_TOO_LARGE" | "HTTP_STATUS";

/** A server could not be asked, or refused. */
export class HttpError extends TouchstoneError {
  override readonly name = "HttpError";
  declare readonly code: HttpErrorCode;
  readonly url: string;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The `error.code` of a Touchstone server's refusal, such as `PRICE_TOO_LOW`. */
  readonly remoteCode: string | undefined;

  constructor(
    code: HttpErrorCode,
    message: string,
    options: {
      readonly url: string;
      readonly status?: number;
      readonly remoteCode?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    const { url, status, remoteCode, cause } = options;
    const retryable =
      code === "HTTP_UNREACHABLE" ||
      code === "HTTP_TIMEOUT" ||
      (code === "HTTP_STATUS" && RETRYABLE_STATUS.includes(status ?? 0));
    super(message, { code, cause, retryable, details: { url, status, remoteCode } });
    this.url = url;
    this.status = status;
    this.remoteCode = remoteCode;
  }
}

export type ContentErrorCode =
  | "CONTENT_HASH_MISMATCH"
  | "CONTENT_ROOT_MISMATCH"
  | "CONTENT_UNAVAILABLE"
  | "CONTENT_NOT_TEXT"
  | "RESULT_INCOMPLETE"
  | "RESULT_NOT_SUBMITTED"
  | "RESULT_WITHOUT_TEXT";

const RETRYABLE_CONTENT_ERRORS: readonly ContentErrorCode[] = ["CONTENT_UNAVAILABLE", "RESULT_NOT_SUBMITTED"];

/** Bytes that are not what their hash says, or that nobody has. `details.failures` lists what each server did. */
export class ContentError extends TouchstoneError {
  override readonly name = "ContentError";
  declare readonly code: ContentErrorCode;

  constructor(code: ContentErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code, retryable: RETRYABLE_CONTENT_ERRORS.includes(code) });
  }
}

export type QuoteErrorCode =
  | "QUOTE_EXPIRED"
  | "QUOTE_JOB_MISMATCH"
  | "QUOTE_NOT_OPERATOR"
  | "QUOTE_OVER_CAPACITY"
  | "QUOTE_PRICE_TOO_HIGH"
  | "QUOTE_SIGNATURE_INVALID"
  | "QUOTE_SPEC_CHANGED";

/** A quote that the market would refuse, or that is not for what was asked. */
export class QuoteError extends TouchstoneError {
  override readonly name = "QuoteError";
  declare readonly code: QuoteErrorCode;

  constructor(code: QuoteErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code });
  }
}

export type JobErrorCode =
  | "JOB_ENDED"
  | "JOB_EVENTS_INCONSISTENT"
  | "JOB_GIVEN_UP"
  | "JOB_UNKNOWN"
  | "JOB_WAIT_TIMEOUT";

const RETRYABLE_JOB_ERRORS: readonly JobErrorCode[] = ["JOB_EVENTS_INCONSISTENT", "JOB_WAIT_TIMEOUT"];

/** A job that is not there, or did not go the way it was waited for. */
export class JobError extends TouchstoneError {
  override readonly name = "JobError";
  declare readonly code: JobErrorCode;
  readonly job: string;

  constructor(code: JobErrorCode, message: string, job: string, context: ErrorContext = {}) {
    super(message, { ...context, code, retryable: RETRYABLE_JOB_ERRORS.includes(code) });
    this.job = job;
  }
}

export type CaseErrorCode = "CASE_ENDED" | "CASE_EVENTS_INCONSISTENT" | "CASE_UNKNOWN" | "CASE_WAIT_TIMEOUT";

const RETRYABLE_CASE_ERRORS: readonly CaseErrorCode[] = ["CASE_EVENTS_INCONSISTENT", "CASE_WAIT_TIMEOUT"];

/** A case that is not there, or did not go the way it was waited for. */
export class CaseError extends TouchstoneError {
  override readonly name = "CaseError";
  declare readonly code: CaseErrorCode;
  readonly caseId: string;

  constructor(code: CaseErrorCode, message: string, caseId: string, context: ErrorContext = {}) {
    super(message, { ...context, code, retryable: RETRYABLE_CASE_ERRORS.includes(code) });
    this.caseId = caseId;
  }
}

export type CardErrorCode = "CARD_MISMATCH" | "CARD_UNPUBLISHED" | "CARD_URI_UNSUPPORTED" | "CARD_WITHOUT_ENDPOINT";

/** A provider whose card cannot be used. */
export class CardError extends TouchstoneError {
  override readonly name = "CardError";
  declare readonly code: CardErrorCode;

  constructor(code: CardErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code });
  }
}

export type InstructionErrorCode =
  | "INSTRUCTION_FOREIGN"
  | "INSTRUCTION_NOT_OWNER"
  | "INSTRUCTION_REPLACED"
  | "INSTRUCTION_SIGNATURE_INVALID"
  | "INSTRUCTION_STALE";

/** An owner's instruction that its node does not follow. */
export class InstructionError extends TouchstoneError {
  override readonly name = "InstructionError";
  declare readonly code: InstructionErrorCode;

  constructor(code: InstructionErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code });
  }
}

export type SealErrorCode = "SEAL_KEY_INVALID" | "SEAL_UNREADABLE";

/** A request that cannot be sealed, or not be opened. */
export class SealError extends TouchstoneError {
  override readonly name = "SealError";
  declare readonly code: SealErrorCode;

  constructor(code: SealErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code });
  }
}
