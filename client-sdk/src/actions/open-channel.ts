import { type Hex, hexToBigInt } from "viem";
import { getBlock } from "viem/actions";
import { type ChannelConfig, channelId, depositCollectorData, ERC3009_COLLECTOR_ADDRESS } from "../protocol/x402.ts";
import { channelEventIn, readChannel, transactChannel } from "./internal/channels.ts";
import { chainIdOf, type WriteClient } from "./internal/clients.ts";
import { chainCall, type TransactErrorType, type Transacted } from "./internal/transact.ts";
import { type SignedChannelDeposit, signChannelDeposit } from "./sign-channel-deposit.ts";

export type OpenChannelParameters =
  | {
      /** Of the caller, its payer. */
      readonly config: ChannelConfig;
      /** Token units. */
      readonly amount: bigint;
    }
  | {
      /** What the payer signed, whoever brings it. */
      readonly deposit: SignedChannelDeposit;
    };

export interface OpenChannelReturnType extends Transacted {
  readonly channelId: Hex;
  /** All that was paid into the channel and did not go back, token units. */
  readonly balance: bigint;
}

export type OpenChannelErrorType = TransactErrorType;

/** Seconds that a deposit signed here is good for. */
const VALID_FOR = 3600;

/**
 * Puts money into a payment channel of x402: the first time that opens it, later that tops it up.
 *
 * @throws ChainError `CHANNELS_MISSING` on a chain without x402's contracts.
 * @example
 * const { channelId } = await buyer.openChannel({ config, amount: 1_000_000n });
 */
export async function openChannel(
  client: WriteClient,
  parameters: OpenChannelParameters,
): Promise<OpenChannelReturnType> {
  const { config } = "deposit" in parameters ? parameters.deposit : parameters;
  const id = channelId({ chainId: await chainIdOf(client), config });
  await readChannel(client, { functionName: "channels", args: [id] }); // Money sent where no contract is would be lost.
  const { amount, salt, signature, ...times } =
    "deposit" in parameters ? parameters.deposit : await signNow(client, parameters);
  const data = depositCollectorData({
    validAfter: BigInt(times.validAfter),
    validBefore: BigInt(times.validBefore),
    salt: hexToBigInt(salt),
    signature,
  });
  const args = [config, amount, ERC3009_COLLECTOR_ADDRESS, data] as const;
  const done = await transactChannel(client, { functionName: "deposit", args });
  const { newBalance } = channelEventIn(done, "Deposited");
  return { ...done, channelId: id, balance: newBalance };
}

/** By the chain's clock, which the token judges by. */
async function signNow(
  client: WriteClient,
  parameters: { readonly config: ChannelConfig; readonly amount: bigint },
): Promise<SignedChannelDeposit> {
  const { timestamp } = await chainCall("eth_getBlockByNumber", () => getBlock(client));
  return signChannelDeposit(client, { ...parameters, validBefore: Number(timestamp) + VALID_FOR });
}
