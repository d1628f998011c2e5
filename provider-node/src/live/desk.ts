import type { ItemOutput, ReceiptEnvelope } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";

/** A call that somebody wants to make, measured and known to be servable. */
export interface Ask {
  /** `ModelId` on chain. */
  readonly model: Hex;
  /** The request as it came, unsealed: what the receipt's request hash is over. */
  readonly bytes: Uint8Array;
  readonly promptTokens: number;
  /** Most tokens that the answer may have. */
  readonly maxTokens: number;
  /** Answers that it may come to: 1, if left out. Batches. */
  readonly items?: number;
  /** The `PAYMENT-SIGNATURE` header. */
  readonly payment: string | undefined;
  /** The `touchstone-prices` header: at which prices the buyer buys, if it says so. */
  readonly prices?: string | undefined;
  /** URL of what is bought. */
  readonly resource: string;
}

/** A call that is not served. With 402, `headers` has the offers (`PAYMENT-REQUIRED`); with 409 and 503, `retry-after`. */
export interface Refusal {
  readonly kind: "refused";
  readonly status: 402 | 409 | 503;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What becomes of an ask. A replay is a call that was paid and answered before: the same bytes again, for nothing. */
export type Admission =
  | { readonly kind: "admitted"; readonly call: LiveCall }
  | { readonly kind: "replay"; readonly settled: Settled; readonly output: Uint8Array }
  | Refusal;

/** A call whose reserve is held. Exactly one of its three ends is called, once. */
export interface LiveCall {
  /** Names the call in logs. */
  readonly id: string;
  /** The channel that pays; of an exact payment, what was signed. */
  readonly channelId: Hex;
  /** From 1, by channel. */
  readonly seq: bigint;
  /** Base seed of the sampling, 32 bytes. */
  readonly seed: Hex;
  /** Most that is charged, token units. */
  readonly reserve: bigint;
  /** Charges what was used, stores output and trace, signs the receipt. */
  finish(made: {
    readonly output: ItemOutput;
    readonly trace: Uint8Array;
    readonly promptTokens: number;
    readonly completionTokens: number;
    /**
     * Whether a court can read the request: true, if left out. Else the output is kept and hashed all the same, but the
     * receipt has no result root. Embeddings.
     */
    readonly isJudged?: boolean;
    /** Answers that were made: as many as were asked for, if left out. */
    readonly items?: number;
  }): Promise<Settled>;
  /** The reader left: charges what was made. The receipt has no result root, so it cannot be brought as a case. */
  cut(made: { readonly promptTokens: number; readonly completionTokens: number }): Promise<Settled>;
  /** Our own fault: nothing is charged, and the same payment may be sent again. */
  fail(): Promise<void>;
}

/** A call that was charged. */
export interface Settled {
  /** Token units; at most the reserve. */
  readonly charged: bigint;
  readonly envelope: ReceiptEnvelope;
  /** The `PAYMENT-RESPONSE` header. */
  readonly paymentResponse: string;
}

/** What becomes of a wish to have the rest of a channel back. */
export type Refund = { readonly kind: "refunded"; readonly paymentResponse: string } | Refusal;

/** How calls are paid for here, as the card has it (`touchstone.live`). */
export interface LiveTerms {
  /** CAIP-2, such as `eip155:8453`. */
  readonly network: string;
  readonly asset: Address;
  /** EIP-712 name and version of the asset. */
  readonly assetName: string;
  readonly assetVersion: string;
  readonly receiver: Address;
  readonly receiverAuthorizer: Address;
  /** Seconds that a channel's own withdrawal must take. */
  readonly withdrawDelay: number;
  /** Decimal, token units. */
  readonly minDeposit: string;
}

/** Sells calls: takes payments, charges, signs receipts. */
export interface LiveDesk {
  /**
   * Decides on a call. Without a payment, or with one that does not do, the answer has the offers.
   *
   * @throws NodeError of the store, if nothing can be written.
   */
  admit(ask: Ask): Promise<Admission>;
  /**
   * Gives the unused rest of a channel back to its payer (x402's cooperative refund: a GET of a paid URL, with a
   * `refund` payload as payment). Without a payment the answer has the offers, as stock clients ask for them first.
   */
  refund(wish: { readonly payment: string | undefined; readonly resource: string }): Promise<Refund>;
  terms(): LiveTerms;
}
