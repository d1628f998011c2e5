import { PAYMENT_SIGNATURE_HEADER } from "@touchstone/sdk/protocol";
import type { RequestHandler, Response } from "express";
import { ipKeyGenerator } from "express-rate-limit";
import { bodyOf } from "./body.ts";
import { ApiError } from "./errors.ts";

const WINDOW_MS = 60_000;
const DRAIN_RETRY_SECONDS = "30";

/** Refusals that say more of the call than of the node. */
const isCallersFault = (status: number) => status >= 400 && status < 500 && status !== 409 && status !== 429;

/** A refused call counts once, and once more for each so many bytes that may have been tokenised for nothing. */
const BYTES_A_COUNT = 4096;

const weightOf = ({ length }: Uint8Array) => 1 + Math.floor(length / BYTES_A_COUNT);

/** Answers of calls that were admitted: what becomes of them is paid for, or our own fault. */
const admitted = new WeakSet<Response>();

/** Notes that a call is no asking any more, so that its reader may leave it without being counted. */
export function noteAdmitted(response: Response): void {
  admitted.add(response);
}

/**
 * Bounds how many calls of one address may be refused in a minute, unpaid ones and those among them whose sender does not wait
 * for the answer: each costs the node a reading of the prompt. Who pays is bounded by the line and by connections alone.
 */
export function limitRefusals(perMinute: number): RequestHandler {
  const refused = new Map<string, number>();
  let since = performance.now();
  return (request, response, next) => {
    if (performance.now() - since > WINDOW_MS) {
      refused.clear();
      since = performance.now();
    }
    // Counted apart: who pays is not held to the asking of a neighbour, nor to its own.
    const pays = request.get(PAYMENT_SIGNATURE_HEADER) !== undefined;
    const key = `${ipKeyGenerator(request.ip ?? "")} ${pays ? "paid" : "unpaid"}`;
    if ((refused.get(key) ?? 0) >= perMinute) {
      const left = Math.ceil((WINDOW_MS - (performance.now() - since)) / 1000);
      const headers = { "retry-after": String(Math.max(1, left)) };
      const sentence = "Too many calls of this address were refused, or not paid. Wait a minute.";
      throw new ApiError(sentence, { status: 429, code: "RATE_LIMITED", headers });
    }
    response.once("close", () => {
      const isLeft = !response.headersSent && !admitted.has(response);
      if (isLeft || isCallersFault(response.statusCode)) {
        refused.set(key, (refused.get(key) ?? 0) + weightOf(bodyOf(request).bytes));
      }
    });
    next();
  };
}

/** Sends callers away before they pay, while the node takes no new calls. */
export function requireOpen(isDraining: () => boolean): RequestHandler {
  return (_request, _response, next) => {
    if (isDraining()) {
      const headers = { "retry-after": DRAIN_RETRY_SECONDS };
      throw new ApiError("This node takes no new calls now. Ask another.", { status: 503, code: "DRAINING", headers });
    }
    next();
  };
}
