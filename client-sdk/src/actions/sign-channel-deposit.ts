import { type Hex, hexToBigInt, isAddressEqual } from "viem";
import { signTypedData } from "viem/actions";
import { ChainError } from "../errors.ts";
import { type ChannelConfig, channelId, depositAuthorizationTypedData } from "../protocol/x402.ts";
import { chainIdOf, requireAccount, type WriteClient } from "./internal/clients.ts";
import { randomSalt } from "./internal/random-salt.ts";
import { tokenDomain } from "./internal/token-domain.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";

/** Which channel, how much, and when that is good. */
export interface SignChannelDepositParameters {
  /** Of the caller, its payer. */
  readonly config: ChannelConfig;
  /** Token units. */
  readonly amount: bigint;
  /** The deposit is good before this. Unix seconds. */
  readonly validBefore: number;
  /** The deposit is good after this. Default 0. Unix seconds. */
  readonly validAfter?: number | undefined;
  /** Makes deposits distinct. Default: random. */
  readonly salt?: Hex | undefined;
}

/** A signed ERC-3009 transfer into one channel. Anyone may bring it. */
export interface SignedChannelDeposit {
  readonly config: ChannelConfig;
  readonly amount: bigint;
  readonly validAfter: number;
  readonly validBefore: number;
  readonly salt: Hex;
  readonly signature: Hex;
}

export type SignChannelDepositReturnType = SignedChannelDeposit;
export type SignChannelDepositErrorType = ReadErrorType;

/**
 * Signs a deposit into a payment channel of the caller, which somebody else, such as the provider, brings on chain and
 * pays the gas for. The token must have ERC-3009, as USDC has.
 *
 * @example
 * const deposit = await buyer.signChannelDeposit({ config, amount: 1_000_000n, validBefore });
 * await relayer.openChannel({ deposit });
 */
export async function signChannelDeposit(
  client: WriteClient,
  parameters: SignChannelDepositParameters,
): Promise<SignChannelDepositReturnType> {
  const account = requireAccount(client);
  const { config, amount, validBefore, validAfter = 0, salt = randomSalt() } = parameters;
  const { payer, token } = config;
  if (!isAddressEqual(payer, account.address)) {
    const sentence = `Only the channel's payer ${payer} can sign its deposits, not ${account.address}.`;
    throw new ChainError("CALL_INVALID", sentence, { details: { payer, account: account.address } });
  }
  const chainId = await chainIdOf(client);
  const times = { validAfter: BigInt(validAfter), validBefore: BigInt(validBefore) };
  const id = channelId({ chainId, config });
  const { message, types, primaryType } = depositAuthorizationTypedData({
    token: { chainId, asset: token, assetName: "", assetVersion: "" },
    deposit: { channelId: id, payer, amount, salt: hexToBigInt(salt), ...times },
  });
  const domain = await tokenDomain(client, token);
  const signature = await chainCall("signTypedData", () =>
    signTypedData(client, { account, domain, types, primaryType, message }),
  );
  return { config, amount, validAfter, validBefore, salt, signature };
}
