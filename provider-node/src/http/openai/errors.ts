import { RequestError, TouchstoneError } from "@touchstone/sdk/protocol";
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Refusal } from "../../live/desk.ts";
import type { Logger } from "../../logger.ts";
import { explain, HttpError, INTERNAL } from "../errors.ts";
import { requestIdOf } from "../request-id.ts";

/** Body of every refusal under `/v1`, as OpenAI's API has it. */
export interface ApiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The field that is to blame. */
    readonly param: string | null;
    readonly code: string;
  };
}

/** What an {@link ApiError} says beside its sentence. */
export interface ApiErrorOptions {
  readonly status: number;
  readonly code: string;
  readonly param?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call that is refused, or that fails. */
export class ApiError extends TouchstoneError {
  override readonly name = "ApiError";
  readonly status: number;
  readonly param: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, { status, code, param, headers = {} }: ApiErrorOptions) {
    super(message, { code, retryable: status === 429 || status === 503 });
    this.status = status;
    this.param = param;
    this.headers = headers;
  }
}

/** A request that is wrong in itself; nothing is charged for it. */
export function badRequest(code: string, message: string, param?: string): ApiError {
  return new ApiError(message, { status: 400, code, param });
}

/** A refusal of the desk that sells calls. */
export function deskError({ status, code, message, headers }: Refusal): ApiError {
  return new ApiError(message, { status, code, headers });
}

const RETRY_AFTER_SECONDS = 5;

/** Whatever was thrown, as the answer that it deserves; what is our own fault is not explained. */
export function apiErrorOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) {
    return thrown;
  }
  if (thrown instanceof RequestError) {
    const { path } = thrown.details;
    return badRequest(thrown.code, thrown.message, typeof path === "string" && path !== "" ? path : undefined);
  }
  const { status, code, message } = explain(thrown) ?? INTERNAL;
  const mustWait = status === 429 || status === 503;
  return new ApiError(message, {
    status,
    code,
    ...(mustWait && { headers: { "retry-after": String(RETRY_AFTER_SECONDS) } }),
  });
}

/** The body that says an error. */
export function apiErrorBody({ message, status, code, param }: ApiError): ApiErrorBody {
  return { error: { message, type: typeOf(status), param: param ?? null, code } };
}

function typeOf(status: number): string {
  switch (status) {
    case 402:
      return "payment_required";
    case 404:
      return "not_found_error";
    case 409:
      return "conflict_error";
    case 429:
      return "rate_limit_error";
    default:
      return status < 500 ? "invalid_request_error" : "server_error";
  }
}

/** Answers for paths under `/v1` that do not exist. */
export const noSuchRoute: RequestHandler = (request) => {
  throw new HttpError("NOT_FOUND", `There is no ${request.method} on this path. See docs/live.md for the routes.`);
};

/** Turns every error under `/v1` into OpenAI's shape. What is our own fault is logged. */
export function apiErrorHandler(logger: Logger): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    if (response.headersSent) {
      next(thrown); // Too late to say it; express cuts the connection.
      return;
    }
    const error = apiErrorOf(thrown);
    if (error.status === 500) {
      logger.error("call failed", { requestId: requestIdOf(response), error: thrown });
    }
    response
      .status(error.status)
      .set(error.headers)
      .set("cache-control", "no-store")
      .json({ ...offersIn(error.headers), ...apiErrorBody(error) });
  };
}

const PAYMENT_REQUIRED = "payment-required";

/** The offers of a 402 beside its error, for people who look at bodies. */
function offersIn(headers: Readonly<Record<string, string>>): object {
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === PAYMENT_REQUIRED)?.[1];
  return header === undefined ? {} : (JSON.parse(Buffer.from(header, "base64").toString()) as object);
}
