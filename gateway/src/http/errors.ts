import { TouchstoneError } from "@touchstone/sdk/protocol";
import type { ErrorRequestHandler, RequestHandler } from "express";
import { Refusal } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { requestIdOf } from "./request-id.ts";

/** What the body parser calls what it refuses. */
const PARSER_ERRORS: Readonly<Record<string, () => Refusal>> = {
  "entity.too.large": () =>
    new Refusal("request_too_large", "The body is longer than this gateway takes. Send less at once."),
  "encoding.unsupported": () =>
    new Refusal("unsupported_media_type", "Compressed bodies are not taken. Send it as it is."),
};

/** What the chain or a provider's server failed at may go well in a moment. */
const RETRY_SECONDS = 2;

/** Answers for routes that do not exist. */
export const notFound: RequestHandler = (request) => {
  throw new Refusal("not_found", `Unknown request URL: ${request.method} ${request.path}. See docs/gateway.md.`);
};

/** Turns every error into OpenAI's `{"error": {...}}`. What is our own fault is logged and not explained. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    if (response.headersSent) {
      next(thrown); // Too late to say it; express cuts the connection.
      return;
    }
    const refusal = refusalOf(thrown) ?? internal(thrown);
    if (refusal.code === "internal_error") {
      logger.error("request failed", { requestId: requestIdOf(response), path: request.path, error: thrown });
    }
    if (refusal.retryAfter !== undefined) {
      response.set("retry-after", String(refusal.retryAfter));
    }
    if (refusal.code === "insufficient_quota") {
      response.set("x-should-retry", "false"); // OpenAI's clients try every other 429 again.
    }
    response.status(refusal.status).json(refusal.toBody());
  };
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) {
    return error;
  }
  if (!(error instanceof Error)) {
    return undefined;
  }
  if (error instanceof TouchstoneError && error.retryable) {
    return new Refusal("overloaded", `${error.message} (${error.code})`, { retryAfter: RETRY_SECONDS, cause: error });
  }
  const known = PARSER_ERRORS["type" in error ? String(error.type) : ""];
  const isTheirs = "status" in error && typeof error.status === "number" && error.status >= 400 && error.status < 500;
  return (
    known?.() ?? (isTheirs ? new Refusal("invalid_request", "The request is malformed or was cut off.") : undefined)
  );
}

function internal(cause: unknown): Refusal {
  const sentence = "The gateway failed. Its owner finds out why by the x-request-id of this answer.";
  return new Refusal("internal_error", sentence, { cause });
}
