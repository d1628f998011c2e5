import type { Booking } from "../store/spending.ts";

/** The routes of OpenAI's API that are bought call by call, without `/v1/`. */
export const CALL_ROUTES = ["chat/completions", "responses", "embeddings"] as const;

/** Names one of {@link CALL_ROUTES}. */
export type CallRoute = (typeof CALL_ROUTES)[number];

/** A call as a client sent it. */
export interface Call {
  readonly route: CallRoute;
  /** The exact body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the body says. */
  readonly value: Readonly<Record<string, unknown>>;
  /** As the body names it. */
  readonly model: string;
  /** The most that the call may cost, token units. */
  readonly most: bigint;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** What a call cost and who served it. */
export type CallBooking = Omit<Booking, "status" | "durationMs">;

/** An answer that is coming in. */
export interface Bought {
  /** Its body must be read to the end or cancelled. */
  readonly response: Response;
  /** Who serves it, for the headers of the answer. */
  readonly servedBy: "market" | "fallback";
  readonly provider: string | undefined;
  /** What it cost in the end: once the body was read or cancelled. Never rejects. */
  readonly booking: Promise<CallBooking>;
}

/** A call that gave no answer, and that providers may charge all the same: its client left it, say. */
export class PaidFailure extends Error {
  readonly booking: CallBooking;

  constructor(cause: unknown, booking: CallBooking) {
    super("The call gave no answer.", { cause });
    this.booking = booking;
  }
}

/** Where calls are bought. */
export interface Upstream {
  /** The most that a call may cost at the dearest offer that fits; nothing where there is none. Token units. */
  estimate(call: Omit<Call, "most" | "signal">): Promise<bigint | undefined>;
  /** Buys a call. An answer that is an error is an answer, too. Throws {@link PaidFailure} where there is none to show for money. */
  buy(call: Call): Promise<Bought>;
}
