import type { ChannelConfig } from "../protocol/x402.ts";
import { channelEventIn, transactChannel } from "./internal/channels.ts";
import type { WriteClient } from "./internal/clients.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

/** Which channel, and how much of it. */
export interface RequestChannelWithdrawParameters {
  /** Of the caller, its payer or the payer's authorizer. */
  readonly config: ChannelConfig;
  /** Token units; at most what was not claimed. */
  readonly amount: bigint;
}

export interface RequestChannelWithdrawReturnType extends Transacted {
  /** `finalizeChannelWithdraw` is in time from then on. Unix seconds. */
  readonly withdrawableAt: number;
}

export type RequestChannelWithdrawErrorType = TransactErrorType;

/**
 * Asks money of a payment channel back without the receiver, who may claim its vouchers till the delay is over and serves
 * the channel no more. Where the receiver answers, a refund by it is faster.
 *
 * @example
 * const { withdrawableAt } = await buyer.requestChannelWithdraw({ config, amount });
 */
export async function requestChannelWithdraw(
  client: WriteClient,
  { config, amount }: RequestChannelWithdrawParameters,
): Promise<RequestChannelWithdrawReturnType> {
  const done = await transactChannel(client, { functionName: "initiateWithdraw", args: [config, amount] });
  const { finalizeAfter } = channelEventIn(done, "WithdrawInitiated");
  return { ...done, withdrawableAt: finalizeAfter };
}
