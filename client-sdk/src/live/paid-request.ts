import { routeUrl } from "../actions/internal/http.ts";
import { TouchstoneError } from "../errors.ts";
import { decodeUtf8, parseJson } from "../protocol/canonical.ts";
import { PRICES_CHANGED, PRICES_HEADER, pricesHeader } from "../protocol/price.ts";
import { RECEIPT_FULL, RECEIPT_HEADER } from "../protocol/receipt-envelope.ts";
import { PAYMENT_SIGNATURE_HEADER } from "../protocol/x402-wire.ts";
import { takeCorrection } from "./correction.ts";
import type { Offer } from "./offer.ts";
import type { Payment, Purse } from "./purse.ts";
import type { Fate } from "./routing.ts";

/** A request that is paid for. */
export interface PaidRequest {
  /** Of the provider's routes. */
  readonly path: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Media type of the body. */
  readonly type: string;
  readonly isStream: boolean;
  /** The most that it may cost, token units. */
  readonly reserve: bigint;
  /** How long the answer may take to begin. Milliseconds. */
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
  /** Told of a payment that left and whose end is unknown; the channel knows already. */
  readonly onLost?: ((payment: Payment) => void) | undefined;
}

/** A request that a provider has taken on. */
export interface PaidResponse {
  readonly payment: Payment;
  /** Its status is fine; its body was not read. */
  readonly response: Response;
  /** Ends the provider's answer. */
  readonly controller: AbortController;
  /** When it was sent. Unix milliseconds. */
  readonly startedAt: number;
}

/** What sends paid requests. */
export interface PaidParameters {
  readonly purse: Purse;
  readonly chainId: number;
  readonly fetch: typeof globalThis.fetch;
  readonly fate: Fate;
}

/**
 * Why an offer did not answer. `busy` is no fault; nor is `stale`: the provider's card has other prices now; `refused` is the request's, and `response` says why; `broken` came after the
 * call was taken on.
 */
export class TryError extends TouchstoneError {
  override readonly name = "TryError";
  readonly kind: "broken" | "busy" | "failed" | "refused" | "stale";
  readonly response: Response | undefined;
  /** The `error.code` of the provider's refusal. */
  readonly remoteCode: string | undefined;
  /** Milliseconds to leave the provider alone. */
  readonly restMs: number | undefined;

  constructor(
    kind: TryError["kind"],
    message: string,
    rest: {
      readonly cause?: unknown;
      readonly response?: Response;
      readonly remoteCode?: string | undefined;
      readonly restMs?: number;
    } = {},
  ) {
    super(message, { code: `PROVIDER_${kind.toUpperCase()}`, cause: rest.cause });
    this.kind = kind;
    this.response = rest.response;
    this.remoteCode = rest.remoteCode;
    this.restMs = rest.restMs;
  }
}

/** Payments that are tried at one provider: the first, and what its corrections ask for. */
const ROUNDS = 3;
/** How much longer than an answer a deposit may take: it has to be mined. */
const DEPOSIT_PATIENCE_MS = 60_000;
/** What says that the request is to blame, and would be anywhere. */
const REQUEST_STATUS: readonly number[] = [400, 413, 415, 422];
const BUSY_STATUS: readonly number[] = [429, 503];
const MAX_REST_MS = 60_000;
const DEFAULT_REST_MS = 1_000;

/**
 * Sends a request to a provider, paid at once, and again where it asks for another payment with reason.
 *
 * @throws TryError if the provider does not serve.
 * @throws OverchargeError if it lies about its channel.
 * @throws LiveError `BUDGET_...`, `WALLET_FAILED`. What aborted the signal, if it is aborted.
 */
export async function sendPaid(offer: Offer, request: PaidRequest, parameters: PaidParameters): Promise<PaidResponse> {
  const { purse, chainId, fate } = parameters;
  const url = routeUrl(offer.endpoint, request.path);
  let failure: unknown;
  for (let round = 0; round < ROUNDS && failure === undefined; round += 1) {
    const payment = await purse.pay(offer, request.reserve, url);
    const sent = { payment, controller: new AbortController(), startedAt: fate.now() };
    const response = await send(url, request, { ...sent, prices: pricesHeader(offer.model) }, parameters);
    if (response.ok) {
      payment.arrived(true);
      return { ...sent, response };
    }
    if (response.status !== 402) {
      payment.arrived(false);
      payment.channel.ledger.release(payment.hold);
      throw await refusalOf(response);
    }
    failure = await takeCorrection(response, payment, chainId).catch((error: unknown) => error);
    await response.arrayBuffer().catch(() => undefined); // so that the connection can serve the next round
  }
  if (failure instanceof TouchstoneError && failure.code === "OVERCHARGED") {
    throw failure;
  }
  throw new TryError("failed", `${url} does not take the payment.`, { cause: failure });
}

async function send(
  url: string,
  { body, type, isStream, patienceMs, signal, onLost }: PaidRequest,
  { payment, controller, prices }: Omit<PaidResponse, "response"> & { readonly prices: string },
  { fetch, fate }: PaidParameters,
): Promise<Response> {
  const stop = abortAfter(controller, patienceMs + (payment.isDeposit ? DEPOSIT_PATIENCE_MS : 0), signal);
  try {
    return await fetch(url, {
      method: "POST",
      headers: {
        "content-type": type,
        accept: isStream ? "text/event-stream" : "application/json",
        [PAYMENT_SIGNATURE_HEADER]: payment.header,
        [PRICES_HEADER]: prices,
        [RECEIPT_HEADER]: RECEIPT_FULL,
      },
      body,
      signal: controller.signal,
      redirect: "error", // a payment is for the one who is named on the card
    });
  } catch (cause) {
    payment.arrived(false);
    payment.channel.ledger.lose(payment.hold, signal?.aborted ?? false, fate.now());
    onLost?.(payment);
    signal?.throwIfAborted();
    throw new TryError("failed", `${url} did not answer.`, { cause });
  } finally {
    stop();
  }
}

/** Aborts after a time, or when the client's signal does. Returns what ends the watch. */
export function abortAfter(controller: AbortController, ms: number, signal: AbortSignal | undefined): () => void {
  const onAbort = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new DOMException("It took too long.", "TimeoutError")), ms);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) {
    onAbort();
  }
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  };
}

async function refusalOf(response: Response): Promise<TryError> {
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer().catch(() => new ArrayBuffer()));
  const body = parseJson(decodeUtf8(bytes) ?? "") as { readonly error?: { readonly code?: unknown } } | undefined;
  const remoteCode = typeof body?.error?.code === "string" ? body.error.code : undefined;
  const sentence = `The provider answered with status ${status} (${remoteCode ?? "without a code"}).`;
  if (remoteCode === PRICES_CHANGED) {
    return new TryError("stale", sentence, { remoteCode });
  }
  if (REQUEST_STATUS.includes(status)) {
    const type = headers.get("content-type") ?? "application/json";
    const told = new Response(bytes, { status, headers: { "content-type": type } });
    return new TryError("refused", sentence, { response: told, remoteCode });
  }
  if (!BUSY_STATUS.includes(status)) {
    return new TryError("failed", sentence, { remoteCode });
  }
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const restMs = Number.isFinite(seconds) ? Math.min(MAX_REST_MS, seconds * 1_000) : DEFAULT_REST_MS;
  return new TryError("busy", sentence, { remoteCode, restMs });
}
