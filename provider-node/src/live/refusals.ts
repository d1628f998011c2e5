import { PRICES_CHANGED, type Pricing, pricesHeader } from "@touchstone/sdk/protocol";
import { BaseError } from "viem";
import { NodeError } from "../errors.ts";
import type { Refusal } from "./desk.ts";

const RETRY_AFTER_SECONDS = 2;

/** For a payment whose call is not over. */
export function stillRunning(): Refusal {
  const headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
  const message = "This call runs, paid by this very payment. Ask again for its answer.";
  return { kind: "refused", status: 409, code: "CALL_RUNNING", message, headers };
}

/** For who says at which prices it buys, and would be charged others: its card is older than ours, or newer. */
export function repricedFor(asked: {
  readonly prices?: string | undefined;
  readonly pricing: Pricing;
}): Refusal | undefined {
  const ours = pricesHeader(asked.pricing);
  if (asked.prices === undefined || asked.prices === ours) {
    return undefined;
  }
  const message = `The prices here are ${ours} now. Read the card of this node again.`;
  return { kind: "refused", status: 409, code: PRICES_CHANGED, message, headers: { "retry-after": "0" } };
}

/** For what another provider, or a later try, may serve. */
export function later(code: string, message: string): Refusal {
  return { kind: "refused", status: 503, code, message, headers: { "retry-after": String(RETRY_AFTER_SECONDS) } };
}

/** An error as a refusal, if the same may go well later; any other is thrown on. */
export function retryable(error: unknown): Refusal {
  if (error instanceof NodeError && error.kind === "retryable") {
    return later(error.code, error.message);
  }
  if (error instanceof BaseError) {
    return later("RPC_UNAVAILABLE", "No endpoint of the chain answers as it should. Ask again in a moment.");
  }
  throw error;
}
