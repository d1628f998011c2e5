import { randomUUID } from "node:crypto";
import { priceOf } from "@touchstone/sdk/protocol";
import { mostOf } from "../amounts.ts";
import { Refusal } from "../errors.ts";
import type { ReceiptStatus } from "../store/spending.ts";
import { readError } from "./answer.ts";
import type { Catalogue, ListedOffer } from "./catalogue.ts";
import { type Bought, type Call, type CallBooking, PaidFailure, type Upstream } from "./upstream.ts";
import { watched } from "./watched.ts";

/** A provider that was paid for a call, as `createTouchstoneFetch` tells it. */
export interface PaidCall {
  readonly callId?: string | undefined;
  readonly provider: string;
  /** Token units; where no receipt came, the most that it can have cost. */
  readonly amount: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly envelope?: object | undefined;
  readonly faults: readonly unknown[];
  readonly isCut: boolean;
}

/** Brings together calls and what is told of their payments later. */
export class PaidCalls {
  readonly #waiting = new Map<string, (paid: PaidCall) => void>();

  /** Takes what `createTouchstoneFetch` tells. */
  readonly tell = (paid: PaidCall): void => this.#waiting.get(paid.callId ?? "")?.(paid);

  /** Listens for the payments of a call until what it returns is called. */
  listen(callId: string, listener: (paid: PaidCall) => void): () => void {
    this.#waiting.set(callId, listener);
    return () => this.#waiting.delete(callId);
  }
}

/** What buys on the market: `createTouchstoneFetch` makes one. */
export type MarketFetch = (url: string, init: RequestInit) => Promise<Response>;

const BASE = "https://touchstone.invalid/v1/";
/** Only then is a call booked without its receipt. */
const RECEIPT_MS = 10_000;
/** Of a refusal that nobody was paid for there is nothing to wait for. */
const REFUSAL_MS = 50;

const TEMPLATE_TOKENS = 64;
const TOKENS_PER_MESSAGE = 16;

/** Buys calls on the market. */
export class MarketUpstream implements Upstream {
  readonly #fetch: MarketFetch;
  readonly #paid: PaidCalls;
  readonly #catalogue: Catalogue;
  readonly #receiptMs: number;

  /** @param options `receiptMs`: how long after the end of an answer its receipt may still be looked at. */
  constructor(options: {
    readonly fetch: MarketFetch;
    readonly paid: PaidCalls;
    readonly catalogue: Catalogue;
    readonly receiptMs?: number;
  }) {
    this.#receiptMs = options.receiptMs ?? RECEIPT_MS;
    this.#fetch = options.fetch;
    this.#paid = options.paid;
    this.#catalogue = options.catalogue;
  }

  async estimate(call: Omit<Call, "most" | "signal">): Promise<bigint | undefined> {
    const offered = await this.#catalogue.find(call.model).catch(() => undefined);
    return offered && mostOf(offered.offers.map((offer) => reserveOf(offer, call)));
  }

  async buy(call: Call): Promise<Bought> {
    const callId = randomUUID();
    const paid = new Payments(call.most, this.#receiptMs);
    const forget = this.#paid.listen(callId, (one) => paid.add(one));
    try {
      const answer = await this.#fetch(`${BASE}${call.route}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "touchstone-max-price": call.most.toString(),
          "touchstone-call-id": callId,
        },
        body: call.bytes,
        signal: call.signal,
      });
      const response = await refuseBudget(answer);
      const provider = response.headers.get("touchstone-provider") ?? undefined;
      void paid.booking.finally(forget);
      return { response: paid.watch(response), servedBy: "market", provider, booking: paid.booking };
    } catch (error) {
      paid.end();
      const booking = await paid.booking.finally(forget);
      throw booking.amount > 0n ? new PaidFailure(error, booking) : error;
    }
  }
}

/** Adds up what providers were paid for one call. */
class Payments {
  readonly booking: Promise<CallBooking>;
  readonly #paid: PaidCall[] = [];
  readonly #most: bigint;
  readonly #receiptMs: number;
  readonly #resolve: (booking: CallBooking) => void;
  #isOver = false;
  #isServed = false;

  constructor(most: bigint, receiptMs: number) {
    this.#most = most;
    this.#receiptMs = receiptMs;
    const { promise, resolve } = Promise.withResolvers<CallBooking>();
    this.booking = promise;
    this.#resolve = resolve;
  }

  add(paid: PaidCall): void {
    this.#paid.push(paid);
    if (this.#isOver) {
      this.#settle();
    }
  }

  /** The answer, watched to its end. */
  watch(response: Response): Response {
    this.#isServed = response.ok;
    const { status, headers } = response;
    return new Response(
      watched(response.body, () => this.end()),
      { status, headers },
    );
  }

  /** Nothing more comes of the call. */
  end(): void {
    this.#isOver = true;
    if (this.#paid.length > 0) {
      this.#settle();
    } else {
      setTimeout(() => this.#settle(), this.#isServed ? this.#receiptMs : REFUSAL_MS).unref();
    }
  }

  #settle(): void {
    const last = this.#paid.at(-1);
    if (last === undefined) {
      // Served, and nobody told what it cost: it counts with the most that it may have cost.
      const amount = this.#isServed ? this.#most : 0n;
      this.#resolve({ ...NOTHING, amount, servedBy: this.#isServed ? "market" : undefined });
      return;
    }
    const sum = (of: "promptTokens" | "completionTokens") => this.#paid.reduce((all, paid) => all + paid[of], 0);
    this.#resolve({
      amount: this.#paid.reduce((all, { amount }) => all + amount, 0n),
      servedBy: "market",
      provider: last.provider,
      receipt: receiptStatus(last),
      promptTokens: sum("promptTokens"),
      completionTokens: sum("completionTokens"),
    });
  }
}

const NOTHING: CallBooking = {
  amount: 0n,
  servedBy: undefined,
  provider: undefined,
  receipt: "none",
  promptTokens: 0,
  completionTokens: 0,
};

function receiptStatus({ envelope, faults, isCut }: PaidCall): ReceiptStatus {
  if (faults.length > 0) {
    return "faulty";
  }
  return envelope === undefined ? "none" : isCut ? "cut" : "checked";
}

/** A call for which there is too little money is refused in OpenAI's words. */
async function refuseBudget(response: Response): Promise<Response> {
  const { error, response: same } = await readError(response);
  if (error?.code.startsWith("BUDGET_")) {
    throw new Refusal("insufficient_quota", `${error.message} (${error.code})`);
  }
  return same;
}

/** The most that a call can cost at an offer: no tokenizer makes more tokens than bytes, but for what a template adds. */
function reserveOf({ model }: ListedOffer, { route, bytes, value }: Omit<Call, "most" | "signal">): bigint {
  const asked = value.max_completion_tokens ?? value.max_tokens ?? value.max_output_tokens;
  const texts = value.messages ?? value.input;
  const messages = Array.isArray(texts) ? texts.length : 1;
  const longest = typeof asked === "number" && asked >= 0 ? Math.ceil(asked) : model.contextLength;
  const inputTokens = Math.min(bytes.length + messages * TOKENS_PER_MESSAGE + TEMPLATE_TOKENS, model.contextLength);
  const outputTokens = route === "embeddings" ? 0 : Math.min(longest, model.contextLength);
  return priceOf(model, { items: 1, inputTokens, outputTokens });
}
