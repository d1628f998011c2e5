import type { Address } from "viem";
import { encodeAbiParameters, keccak256 } from "viem/utils";
import { type ChannelConfig, caip2, X402_VERSION } from "../protocol/x402.ts";
import { encodePaymentHeader, type PaymentPayload } from "../protocol/x402-wire.ts";
import { DEPOSIT_SECONDS } from "./deposit.ts";
import type { Offer } from "./offer.ts";

const SALT = [{ type: "string" }, { type: "address" }, { type: "string" }] as const;

/** Who pays through a channel. */
export interface ChannelOwner {
  readonly payer: Address;
  /** Who signs its vouchers: the payer, or a session key. */
  readonly authorizer: Address;
  readonly name: string;
}

/**
 * The channel of a payer with a provider. Its salt follows from the provider and the name, so a wallet that lost its store
 * finds the same channel again; with another authorizer it is another channel.
 */
export function channelConfigOf(
  { live, provider }: Pick<Offer, "live" | "provider">,
  { payer, authorizer, name }: ChannelOwner,
): ChannelConfig {
  return {
    payer,
    payerAuthorizer: authorizer,
    receiver: live.receiver,
    receiverAuthorizer: live.receiverAuthorizer,
    token: live.asset,
    withdrawDelay: live.withdrawDelay,
    salt: keccak256(encodeAbiParameters(SALT, ["touchstone live channel", provider, name])),
  };
}

/** What one call is paid with. */
export interface CallPayment {
  readonly chainId: number;
  /** The most that the call may cost, token units. */
  readonly reserve: bigint;
  /** The URL that is asked. */
  readonly resource: string;
  readonly payload: PaymentPayload["payload"];
}

/** The PAYMENT-SIGNATURE header of a call, by the terms on the provider's card. */
export function paymentHeader(
  { live }: Pick<Offer, "live">,
  { chainId, reserve, resource, payload }: CallPayment,
): string {
  const { asset, receiver, receiverAuthorizer, withdrawDelay, assetName, assetVersion } = live;
  const extra = { name: assetName, version: assetVersion, receiverAuthorizer, withdrawDelay };
  const amount = reserve.toString();
  const terms = { scheme: "batch-settlement", network: caip2(chainId), amount, asset, payTo: receiver };
  const accepted = { ...terms, maxTimeoutSeconds: DEPOSIT_SECONDS, extra };
  return encodePaymentHeader({ x402Version: X402_VERSION, resource: { url: resource }, accepted, payload });
}
