import {
  type ChannelConfig,
  channelId,
  type DepositPayload,
  decodePaymentPayload,
  type ExactPayload,
  exactAuthorizationTypedData,
  type RefundPayload,
  type VoucherPayload,
  voucherDigest,
} from "@touchstone/sdk/protocol";
import { type Hex, hashTypedData, isAddressEqual, zeroAddress } from "viem";
import type { LiveTerms } from "./desk.ts";
import { signerOf } from "./signer.ts";
import type { PaymentFault } from "./x402-errors.ts";

/** A payment of `batch-settlement` or `exact`, of the right shape, to us, and signed by whom it must be. */
export type Payment =
  | { readonly kind: "voucher"; readonly payload: VoucherPayload | DepositPayload }
  | { readonly kind: "refund"; readonly payload: RefundPayload }
  /** `id`: what was signed, which names the payment. */
  | { readonly kind: "exact"; readonly payload: ExactPayload; readonly id: Hex };

/** What is wrong with a payment, and a sentence that says how to mend it. */
export interface PaymentProblem {
  readonly fault: PaymentFault;
  readonly message: string;
}

/** How payments are read. */
export interface PaymentReaderOptions {
  readonly chainId: number;
  readonly terms: LiveTerms;
  /** The config of a channel that this node knows, which has been checked once. */
  readonly knownConfig: (id: Hex) => ChannelConfig | undefined;
}

const problem = (fault: PaymentFault, message: string): PaymentProblem => ({ fault, message });

/** Reads and checks what a payment says by itself; what the ledger and the chain say of it comes after. */
export class PaymentReader {
  readonly #options: PaymentReaderOptions;

  constructor(options: PaymentReaderOptions) {
    this.#options = options;
  }

  /** The payment in a `PAYMENT-SIGNATURE` header. */
  read(header: string): Payment | PaymentProblem {
    const decoded = decode(header);
    if (decoded === undefined) {
      const sentence =
        "PAYMENT-SIGNATURE is no payment that this node takes: a voucher, a deposit by ERC-3009, or exact.";
      return problem("PAYMENT_INVALID", sentence);
    }
    const { accepted, payload } = decoded;
    const { network } = this.#options.terms;
    const scheme = "type" in payload ? "batch-settlement" : "exact";
    if (accepted.network !== network || accepted.scheme !== scheme) {
      return problem("PAYMENT_NETWORK", `Pay on ${network}, by the scheme that \`accepted\` names.`);
    }
    if (!("type" in payload)) {
      return this.#exact(payload);
    }
    const fault = this.#channelProblem(payload);
    return fault ?? (payload.type === "refund" ? { kind: "refund", payload } : { kind: "voucher", payload });
  }

  #channelProblem({ channelConfig: config, voucher }: VoucherPayload | DepositPayload | RefundPayload) {
    const { chainId, terms, knownConfig } = this.#options;
    const known = knownConfig(voucher.channelId);
    if (known === undefined || !sameConfig(known, config)) {
      const fault = configProblem(config, terms);
      if (fault !== undefined) {
        return fault;
      }
      if (channelId({ chainId, config }) !== voucher.channelId) {
        return problem("PAYMENT_CHANNEL", "The voucher's channel is not the one that `channelConfig` makes.");
      }
    }
    const claimed = { channelId: voucher.channelId, maxClaimableAmount: BigInt(voucher.maxClaimableAmount) };
    const signer = signerOf(voucherDigest({ chainId, voucher: claimed }), voucher.signature);
    return signer !== undefined && isAddressEqual(signer, config.payerAuthorizer)
      ? undefined
      : problem("PAYMENT_SIGNATURE", "The voucher is not signed by the channel's `payerAuthorizer`.");
  }

  #exact(payload: ExactPayload): Payment | PaymentProblem {
    const { chainId, terms } = this.#options;
    const { from, to, value, validAfter, validBefore, nonce } = payload.authorization;
    if (!isAddressEqual(to, terms.receiver)) {
      return problem("EXACT_RECIPIENT", `The authorization must be to ${terms.receiver}.`);
    }
    const times = { validAfter: BigInt(validAfter), validBefore: BigInt(validBefore) };
    const authorization = { from, to, value: BigInt(value), ...times, nonce };
    const id = hashTypedData(exactAuthorizationTypedData({ token: { chainId, ...terms }, authorization }));
    const signer = signerOf(id, payload.signature);
    return signer !== undefined && isAddressEqual(signer, from)
      ? { kind: "exact", payload, id }
      : problem("EXACT_SIGNATURE", "The authorization is not signed by the key of `from`.");
  }
}

function decode(header: string) {
  try {
    return decodePaymentPayload(header);
  } catch {
    return undefined;
  }
}

function sameConfig(a: ChannelConfig, b: ChannelConfig): boolean {
  return (
    a.payer === b.payer &&
    a.payerAuthorizer === b.payerAuthorizer &&
    a.receiver === b.receiver &&
    a.receiverAuthorizer === b.receiverAuthorizer &&
    a.token === b.token &&
    a.withdrawDelay === b.withdrawDelay &&
    a.salt === b.salt
  );
}

/** Why a channel is none that this node serves. */
function configProblem(config: ChannelConfig, terms: LiveTerms): PaymentProblem | undefined {
  if (!isAddressEqual(config.receiver, terms.receiver)) {
    return problem("PAYMENT_RECEIVER", `The channel's receiver must be ${terms.receiver}.`);
  }
  if (!isAddressEqual(config.receiverAuthorizer, terms.receiverAuthorizer)) {
    return problem("PAYMENT_AUTHORIZER", `The channel's receiverAuthorizer must be ${terms.receiverAuthorizer}.`);
  }
  if (!isAddressEqual(config.token, terms.asset)) {
    return problem("PAYMENT_TOKEN", `The channel's token must be ${terms.asset}.`);
  }
  if (config.withdrawDelay < terms.withdrawDelay) {
    return problem("PAYMENT_DELAY", `The channel's withdrawDelay must be ${terms.withdrawDelay} seconds or more.`);
  }
  if (isAddressEqual(config.payerAuthorizer, zeroAddress)) {
    // A contract could sign for the payer today and deny it when we claim.
    return problem("PAYMENT_SIGNATURE", "The channel must name a `payerAuthorizer`, the key that signs its vouchers.");
  }
  return undefined;
}
