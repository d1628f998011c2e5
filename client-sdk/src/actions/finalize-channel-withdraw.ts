import type { ChannelConfig } from "../protocol/x402.ts";
import { channelEventIn, transactChannel } from "./internal/channels.ts";
import type { WriteClient } from "./internal/clients.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

/** Which channel. */
export interface FinalizeChannelWithdrawParameters {
  /** Of the caller, its payer or the payer's authorizer. */
  readonly config: ChannelConfig;
}

export interface FinalizeChannelWithdrawReturnType extends Transacted {
  /** What came back to the payer: what it asked for, or what claims left of that. Token units. */
  readonly amount: bigint;
}

export type FinalizeChannelWithdrawErrorType = TransactErrorType;

/**
 * Takes back what `requestChannelWithdraw` asked for, once the channel's delay is over.
 *
 * @example
 * const { amount } = await buyer.finalizeChannelWithdraw({ config });
 */
export async function finalizeChannelWithdraw(
  client: WriteClient,
  { config }: FinalizeChannelWithdrawParameters,
): Promise<FinalizeChannelWithdrawReturnType> {
  const done = await transactChannel(client, { functionName: "finalizeWithdraw", args: [config] });
  const { amount } = channelEventIn(done, "WithdrawFinalized");
  return { ...done, amount };
}
