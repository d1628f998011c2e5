import type { Hex } from "viem";
import { isAddressEqual, recoverTypedDataAddress } from "viem/utils";
import { TouchstoneError } from "../errors.ts";
import { caip2, voucherTypedData } from "../protocol/x402.ts";
import {
  channelStateSchema,
  decodePaymentRequired,
  PAYMENT_REQUIRED_HEADER,
  type PaymentRequirements,
  voucherStateSchema,
} from "../protocol/x402-wire.ts";
import { OverchargeError } from "./channel-ledger.ts";
import type { Payment } from "./purse.ts";

/** Why a provider that asks for another payment is left for the next one. */
export type CorrectionFailure = "PRICE_ROSE" | "TERMS_CHANGED" | "WITHDRAWAL_PENDING" | "PAYMENT_REFUSED";

/** A 402 that cannot be mended by paying as it asks. */
export class CorrectionError extends TouchstoneError {
  override readonly name = "CorrectionError";
  declare readonly code: CorrectionFailure;

  constructor(code: CorrectionFailure, message: string) {
    super(message, { code });
  }
}

/**
 * Takes from a 402 what may be believed, so that the next payment fits: the sum that the channel was charged, if this wallet
 * signed for as much and its calls can have cost it; that the balance is another, which only the chain may then say. The
 * payment's hold is given back.
 *
 * @throws OverchargeError where the provider claims more than that.
 * @throws CorrectionError where another payment would not help.
 */
export async function takeCorrection(response: Response, payment: Payment, chainId: number): Promise<void> {
  const { channel, hold } = payment;
  const { ledger } = channel;
  payment.arrived(false);
  ledger.release(hold, true);
  const terms = offerIn(response, chainId);
  if (BigInt(terms.amount) > hold.reserve) {
    const sentence = `The provider reserves ${terms.amount} for the call, where its card comes to ${hold.reserve} at most.`;
    throw new CorrectionError("PRICE_ROSE", sentence);
  }
  const state = channelStateSchema.safeParse(terms.extra?.channelState);
  if (!state.success) {
    throw new CorrectionError(
      "PAYMENT_REFUSED",
      "The provider refused the payment and does not say how its channel is.",
    );
  }
  const { channelId, balance, withdrawRequestedAt, chargedCumulativeAmount: charged } = state.data;
  if (channelId !== channel.id) {
    throw new CorrectionError("TERMS_CHANGED", "The provider speaks of another channel: its card is out of date.");
  }
  if (withdrawRequestedAt > 0) {
    throw new CorrectionError("WITHDRAWAL_PENDING", "A withdrawal from the channel was requested: it cannot pay.");
  }
  if (BigInt(balance) !== ledger.deposited) {
    ledger.makeUnsure();
  }
  const claimed = BigInt(charged ?? ledger.record.charged);
  if (claimed > ledger.record.charged) {
    await requireSigned(terms, payment, claimed, chainId);
    ledger.resync(claimed);
  }
}

function offerIn(response: Response, chainId: number): PaymentRequirements {
  const required = decodePaymentRequired(response.headers.get(PAYMENT_REQUIRED_HEADER) ?? "");
  const network = caip2(chainId);
  const terms = required.accepts.find(({ scheme, network: of }) => scheme === "batch-settlement" && of === network);
  if (terms === undefined) {
    throw new CorrectionError("TERMS_CHANGED", "The provider takes no channels on this chain any more.");
  }
  return terms;
}

/** The provider must show a voucher of this wallet that covers what it claims: else it could take no more anyway. */
async function requireSigned(
  { extra }: PaymentRequirements,
  { channel }: Payment,
  claimed: bigint,
  chainId: number,
): Promise<void> {
  const voucher = voucherStateSchema.safeParse(extra?.voucherState);
  const signed = voucher.success ? BigInt(voucher.data.signedMaxClaimable) : 0n;
  const signer = voucher.success ? await signerOf(channel.id, signed, voucher.data.signature, chainId) : undefined;
  const isOurs = signer !== undefined && isAddressEqual(signer, channel.config.payerAuthorizer);
  if (!isOurs || signed < claimed) {
    throw new OverchargeError(claimed, isOurs ? signed : 0n);
  }
}

function signerOf(channelId: Hex, maxClaimableAmount: bigint, signature: Hex, chainId: number) {
  const typedData = voucherTypedData({ chainId, voucher: { channelId, maxClaimableAmount } });
  return recoverTypedDataAddress({ ...typedData, signature }).catch(() => undefined);
}
