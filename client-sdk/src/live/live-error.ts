import { type ErrorContext, TouchstoneError } from "../errors.ts";

/** What the status of a refusal is, by its code. */
export const LIVE_ERROR_STATUS = {
  BUDGET_CALL: 402,
  BUDGET_PROVIDER: 402,
  BUDGET_TOTAL: 402,
  CALL_INVALID: 400,
  CHAIN_MISMATCH: 409,
  CLIENT_CLOSED: 503,
  MODEL_NOT_OFFERED: 404,
  NO_OFFER_FITS: 404,
  PROVIDERS_FAILED: 503,
  ROUTE_UNKNOWN: 404,
  STORE_BUSY: 409,
  STORE_FAILED: 500,
  STREAM_BROKEN: 502,
  TOKEN_BALANCE_LOW: 402,
  WALLET_FAILED: 500,
  WALLET_REFUSED: 403,
} as const;

export type LiveErrorCode = keyof typeof LIVE_ERROR_STATUS;

const RETRYABLE: readonly LiveErrorCode[] = ["PROVIDERS_FAILED", "STREAM_BROKEN"];
const RETRY_AFTER_SECONDS = 1;

/** A live call that could not be bought. Inside `fetch` it becomes a response in OpenAI's shape. */
export class LiveError extends TouchstoneError {
  override readonly name = "LiveError";
  declare readonly code: LiveErrorCode;
  /** Of the response that says so. */
  readonly status: number;

  constructor(code: LiveErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code, retryable: RETRYABLE.includes(code) });
    this.status = LIVE_ERROR_STATUS[code];
  }
}

/** What OpenAI's clients read of an error. */
export interface OpenAIErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** An error in OpenAI's shape. */
export function errorBody({ code, message, status }: LiveError): OpenAIErrorBody {
  const types: Readonly<Record<number, string>> = { 402: "insufficient_quota", 400: "invalid_request_error" };
  const type = types[status] ?? (status === 404 ? "invalid_request_error" : "server_error");
  return { error: { message, type, param: null, code } };
}

/**
 * An error as the response that OpenAI's clients show to their users. It is a response because they take what `fetch`
 * throws for a broken connection and try again; `x-should-retry` tells them not to where it cannot help.
 */
export function errorResponse(error: LiveError): Response {
  const headers = new Headers({ "content-type": "application/json", "x-should-retry": String(error.retryable) });
  if (error.retryable) {
    headers.set("retry-after", String(RETRY_AFTER_SECONDS));
  }
  return new Response(JSON.stringify(errorBody(error)), { status: error.status, headers });
}
