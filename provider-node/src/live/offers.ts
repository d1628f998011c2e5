import { encodePaymentHeader, PAYMENT_REQUIRED_HEADER, X402_VERSION } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { LiveTerms, Refusal } from "./desk.ts";
import { type PaymentFault, X402_ERRORS } from "./x402-errors.ts";

/** How a channel stands, for a payer that lost count. */
export interface Corrective {
  readonly channelId: Hex;
  /** Token units. */
  readonly balance: bigint;
  readonly totalClaimed: bigint;
  readonly withdrawRequestedAt: number;
  readonly refundNonce: bigint;
  /** What the next voucher must count on top of: what was charged, and what calls under way may cost. */
  readonly chargedCumulativeAmount: bigint;
  /** The highest voucher; its signature is `0x` where there is none. */
  readonly ceiling: bigint;
  readonly signature: Hex;
}

/** What is asked for. */
export interface Offer {
  /** The most that the call can cost, token units. */
  readonly amount: bigint;
  readonly resource: string;
}

/** Seconds that a payment's authorization lives at most; a deposit must be in the chain by then. */
const TIMEOUT_SECONDS = 300;
const EXACT_NOTE = "The whole amount is charged. What the call does not use is not given back.";

/** The 402s of a desk. What does not depend on the request is written once: every stock client starts with one. */
export class Offers {
  readonly #terms: LiveTerms;
  readonly #minExact: bigint;
  readonly #common: string;
  readonly #channel: Readonly<Record<string, unknown>>;
  readonly #exact: string;

  /** @param minExact What an exact payment must be at least, for it costs a transaction. Token units. */
  constructor(terms: LiveTerms, minExact: bigint) {
    const { assetName: name, assetVersion: version, receiverAuthorizer, withdrawDelay } = terms;
    const token = { name, version, assetTransferMethod: "eip3009" };
    const { network, asset, receiver: payTo } = terms;
    this.#terms = terms;
    this.#minExact = minExact;
    this.#common = JSON.stringify({ network, asset, payTo, maxTimeoutSeconds: TIMEOUT_SECONDS }).slice(1, -1);
    this.#channel = { ...token, receiverAuthorizer, withdrawDelay };
    this.#exact = JSON.stringify({ ...token, note: EXACT_NOTE });
  }

  /** Asks for a payment, or for another one than came. */
  required(offer: Offer, code: PaymentFault, message: string, corrective?: Corrective): Refusal {
    const headers = { [PAYMENT_REQUIRED_HEADER]: this.#header(offer, X402_ERRORS[code], corrective) };
    return { kind: "refused", status: 402, code, message, headers };
  }

  /** The least that an exact payment for a call of this price must be. Token units. */
  exactAmount(amount: bigint): bigint {
    return amount < this.#minExact ? this.#minExact : amount;
  }

  #header({ amount, resource }: Offer, error: string, corrective?: Corrective): string {
    const minDeposit = BigInt(this.#terms.minDeposit);
    const deposit = amount > minDeposit ? amount : minDeposit;
    const state = corrective === undefined ? {} : stateOf(corrective);
    const channel = JSON.stringify({ ...this.#channel, minDeposit: deposit.toString(), ...state });
    const json = `{"x402Version":${X402_VERSION},"error":${JSON.stringify(error)},"resource":{"url":${JSON.stringify(resource)},"mimeType":"application/json"},"accepts":[{"scheme":"batch-settlement","amount":"${amount}",${this.#common},"extra":${channel}},{"scheme":"exact","amount":"${this.exactAmount(amount)}",${this.#common},"extra":${this.#exact}}]}`;
    return Buffer.from(json).toString("base64");
  }
}

/** As x402's own server sends it. */
function stateOf(corrective: Corrective) {
  const { signature, ceiling } = corrective;
  return {
    channelState: channelState(corrective),
    ...(signature !== "0x" && { voucherState: { signedMaxClaimable: ceiling.toString(), signature } }),
  };
}

/** A channel's state in JSON. */
export function channelState(state: Omit<Corrective, "ceiling" | "signature">) {
  return {
    channelId: state.channelId,
    balance: state.balance.toString(),
    totalClaimed: state.totalClaimed.toString(),
    withdrawRequestedAt: state.withdrawRequestedAt,
    refundNonce: state.refundNonce.toString(),
    chargedCumulativeAmount: state.chargedCumulativeAmount.toString(),
  };
}

/** The `PAYMENT-RESPONSE` header of something that was paid. */
export function paymentResponse(settled: {
  readonly network: string;
  readonly payer: string;
  /** Empty where no transaction was needed. */
  readonly transaction: string;
  readonly amount: bigint;
  readonly extra: Readonly<Record<string, unknown>>;
}): string {
  const { network, payer, transaction, amount, extra } = settled;
  return encodePaymentHeader({ success: true, transaction, network, payer, amount: amount.toString(), extra });
}
