import { TouchstoneError } from "@touchstone/sdk/protocol";

/** Why a gateway cannot start or go on. */
export type GatewayErrorCode =
  | "CONFIG_INVALID"
  | "KEY_UNKNOWN"
  | "STOPPED"
  | "STORE_LOCKED"
  | "STORE_TOO_NEW"
  | "STORE_UNUSABLE";

/** A failure of the gateway itself: a `code` for programs, a sentence that says how to mend it, and data. */
export class GatewayError extends TouchstoneError {
  override readonly name = "GatewayError";
  declare readonly code: GatewayErrorCode;

  constructor(
    code: GatewayErrorCode,
    message: string,
    { cause, details = {} }: { readonly cause?: unknown; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, { code, cause, details });
  }
}

/** Refusals as OpenAI's clients know them: the status and `type` of each `code`. */
const REFUSALS = {
  invalid_request: { status: 400, type: "invalid_request_error" },
  invalid_json: { status: 400, type: "invalid_request_error" },
  invalid_value: { status: 400, type: "invalid_request_error" },
  missing_required_parameter: { status: 400, type: "invalid_request_error" },
  invalid_file: { status: 400, type: "invalid_request_error" },
  invalid_api_key: { status: 401, type: "invalid_request_error" },
  forbidden: { status: 403, type: "invalid_request_error" },
  not_found: { status: 404, type: "invalid_request_error" },
  model_not_found: { status: 404, type: "invalid_request_error" },
  batch_not_cancellable: { status: 409, type: "invalid_request_error" },
  request_too_large: { status: 413, type: "invalid_request_error" },
  unsupported_media_type: { status: 415, type: "invalid_request_error" },
  insufficient_quota: { status: 429, type: "insufficient_quota" },
  rate_limit_exceeded: { status: 429, type: "requests" },
  internal_error: { status: 500, type: "server_error" },
  upstream_failed: { status: 502, type: "server_error" },
  overloaded: { status: 503, type: "server_error" },
  no_offer: { status: 503, type: "server_error" },
  storage_full: { status: 507, type: "server_error" },
} as const;

/** Names one kind of refusal, in OpenAI's spelling. */
export type RefusalCode = keyof typeof REFUSALS;

/** What a refusal carries beside its sentence. */
export interface RefusalOptions {
  /** The field of the request that is at fault. */
  readonly param?: string | undefined;
  /** Seconds after which to try again: header `retry-after`. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** A request that the gateway refuses, in the shape that OpenAI's clients parse. */
export class Refusal extends TouchstoneError {
  override readonly name = "Refusal";
  declare readonly code: RefusalCode;
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly retryAfter: number | undefined;

  constructor(code: RefusalCode, message: string, { param, retryAfter, cause }: RefusalOptions = {}) {
    const { status, type } = REFUSALS[code];
    super(message, { code, cause, retryable: status >= 429 });
    this.status = status;
    this.type = type;
    this.param = param ?? null;
    this.retryAfter = retryAfter;
  }

  /** The body of the answer. */
  toBody(): { readonly error: { message: string; type: string; param: string | null; code: string } } {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}
