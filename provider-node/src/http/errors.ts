import {
  InstructionError,
  type InstructionErrorCode,
  RESULT_PENDING,
  SealError,
  TouchstoneError,
} from "@touchstone/sdk/protocol";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { NodeError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { requestIdOf } from "./request-id.ts";

/** Refusals of the HTTP server itself, with the status that each is sent as. */
const STATUSES = {
  BAD_REQUEST: 400,
  BODY_NOT_JSON: 400,
  BODY_TOO_DEEP: 400,
  HASH_INVALID: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BODY_TOO_LARGE: 413,
  BODY_TYPE_UNSUPPORTED: 415,
  BODY_COMPRESSED: 415,
  RATE_LIMITED: 429,
  [RESULT_PENDING]: 503,
} as const;

/** A request that the HTTP server refuses. */
export class HttpError extends TouchstoneError {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(code: keyof typeof STATUSES, message: string) {
    super(message, { code, retryable: code === "RATE_LIMITED" || code === RESULT_PENDING });
    this.status = STATUSES[code];
  }
}

/** What the body parser calls what it refuses. */
const PARSER_ERRORS: Readonly<Record<string, () => HttpError>> = {
  "entity.too.large": () =>
    new HttpError("BODY_TOO_LARGE", "The body is longer than this node takes. Send less at once."),
  "encoding.unsupported": () => new HttpError("BODY_COMPRESSED", "Compressed bodies are not taken. Send it as it is."),
  "charset.unsupported": () => new HttpError("BODY_TYPE_UNSUPPORTED", "The body must be UTF-8."),
  "entity.parse.failed": () => new HttpError("BODY_NOT_JSON", "The body is not JSON."),
};

/** Owner's instructions that are not followed. */
const INSTRUCTION_STATUSES: Readonly<Record<InstructionErrorCode, number>> = {
  INSTRUCTION_FOREIGN: 422,
  INSTRUCTION_STALE: 422,
  INSTRUCTION_REPLACED: 409,
  INSTRUCTION_NOT_OWNER: 403,
  INSTRUCTION_SIGNATURE_INVALID: 403,
};

const CONFLICTS: readonly string[] = ["JOB_ALREADY_KNOWN"];
const RETRY_AFTER_SECONDS = 10;

/** Answers for routes that do not exist. */
export const notFound: RequestHandler = (request) => {
  throw new HttpError("NOT_FOUND", `There is no ${request.method} on this path. See docs/protocol.md for the routes.`);
};

/** Turns every error into `{"error": {"code", "message"}}`. What is our own fault is logged and not explained. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    if (response.headersSent) {
      next(thrown); // Too late to say it; express cuts the connection.
      return;
    }
    const refusal = explain(thrown);
    if (refusal === undefined) {
      logger.error("request failed", { requestId: requestIdOf(response), route: request.path, error: thrown });
    }
    const { status, code, message } = refusal ?? INTERNAL;
    if (status === 503) {
      response.set("retry-after", String(RETRY_AFTER_SECONDS));
    }
    response.status(status).json({ error: { code, message } });
  };
}

/** How an error is told to who asked. */
export interface Explanation {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What is said of our own faults. */
export const INTERNAL: Explanation = {
  status: 500,
  code: "INTERNAL",
  message: "The node failed. Its operator finds out why by the x-request-id of this answer.",
};

/** What an error means for who asked; nothing if it is our own fault. */
export function explain(thrown: unknown): Explanation | undefined {
  const error = asHttpError(thrown);
  if (error instanceof HttpError) {
    return error;
  }
  if (error instanceof NodeError && (error.kind === "refused" || error.kind === "retryable")) {
    const { code, message, kind } = error;
    return { status: kind === "retryable" ? 503 : CONFLICTS.includes(code) ? 409 : 422, code, message };
  }
  if (error instanceof InstructionError) {
    return { status: INSTRUCTION_STATUSES[error.code], code: error.code, message: error.message };
  }
  if (error instanceof SealError || (error instanceof TouchstoneError && error.code === "INVALID_DATA")) {
    return { status: 400, code: error.code, message: error.message };
  }
  return undefined;
}

function asHttpError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const type = "type" in error ? String(error.type) : "";
  const known = PARSER_ERRORS[type];
  if (known !== undefined) {
    return known();
  }
  const isTheirs = "status" in error && typeof error.status === "number" && error.status >= 400 && error.status < 500;
  return isTheirs && !(error instanceof TouchstoneError)
    ? new HttpError("BAD_REQUEST", "The request is malformed or was cut off.")
    : error;
}
