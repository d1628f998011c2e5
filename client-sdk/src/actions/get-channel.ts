import type { Hex } from "viem";
import { type ChannelConfig, channelId } from "../protocol/x402.ts";
import { readChannel } from "./internal/channels.ts";
import { chainIdOf, type ReadClient } from "./internal/clients.ts";
import { latestBlockNumber } from "./internal/logs.ts";
import type { ReadErrorType } from "./internal/transact.ts";

/** Which channel. */
export interface GetChannelParameters {
  readonly config: ChannelConfig;
}

/** How a payment channel stands on chain. */
export interface GetChannelReturnType {
  readonly channelId: Hex;
  /** All that was paid in and did not go back, what was claimed included. Token units. */
  readonly balance: bigint;
  /** Of the balance, what the receiver claimed. Token units. */
  readonly totalClaimed: bigint;
  /** The nonce of the next signed refund. */
  readonly refundNonce: bigint;
  /** What the payer takes back, if it asked. Claims may leave less of it. */
  readonly withdrawal: PendingWithdrawal | undefined;
}

/** A withdrawal that the payer asked for. */
export interface PendingWithdrawal {
  /** Token units. */
  readonly amount: bigint;
  /** Unix seconds. */
  readonly requestedAt: number;
  /** `finalizeChannelWithdraw` is in time from then on. Unix seconds. */
  readonly withdrawableAt: number;
}

export type GetChannelErrorType = ReadErrorType;

/**
 * Reads a payment channel of x402; zeros where nothing was paid in.
 *
 * @throws ChainError `CHANNELS_MISSING` on a chain without x402's contracts.
 * @example
 * const { balance, totalClaimed } = await buyer.getChannel({ config });
 */
export async function getChannel(client: ReadClient, { config }: GetChannelParameters): Promise<GetChannelReturnType> {
  const id = channelId({ chainId: await chainIdOf(client), config });
  const at = { args: [id], blockNumber: await latestBlockNumber(client) } as const;
  const [[balance, totalClaimed], [amount, requestedAt], refundNonce] = await Promise.all([
    readChannel(client, { functionName: "channels", ...at }),
    readChannel(client, { functionName: "pendingWithdrawals", ...at }),
    readChannel(client, { functionName: "refundNonce", ...at }),
  ]);
  const withdrawal =
    requestedAt === 0 ? undefined : { amount, requestedAt, withdrawableAt: requestedAt + config.withdrawDelay };
  return { channelId: id, balance, totalClaimed, refundNonce, withdrawal };
}
