import type { Address } from "viem";
import { encodeAbiParameters, keccak256 } from "viem/utils";
import type { ChannelConfig } from "../protocol/x402.ts";
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
