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
