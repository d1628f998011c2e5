import type { Address, Hex } from "viem";
import { signTypedData } from "viem/actions";
import { receiveWithAuthorizationTypes } from "../protocol/generated/typed-data.ts";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { randomSalt } from "./internal/random-salt.ts";
import { tokenDomain } from "./internal/token-domain.ts";
import { chainCall, type ReadErrorType, readMarket } from "./internal/transact.ts";

export interface SignDepositAuthorizationParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
  /** Who is credited. Default: the signer. */
  readonly beneficiary?: Address | undefined;
  /** The authorization is good before this. Unix seconds. */
  readonly validBefore: number;
  /** The authorization is good after this. Default 0. Unix seconds. */
  readonly validAfter?: number | undefined;
  /** Makes authorizations distinct. Default: random. */
  readonly salt?: Hex | undefined;
}

/** A signed ERC-3009 transfer to the market, bound to who is credited. Anyone may relay it. */
export interface DepositAuthorization {
  readonly from: Address;
  readonly beneficiary: Address;
  readonly amount: bigint;
  readonly validAfter: number;
  readonly validBefore: number;
  readonly salt: Hex;
  readonly signature: Hex;
}

export type SignDepositAuthorizationReturnType = DepositAuthorization;
export type SignDepositAuthorizationErrorType = ReadErrorType;

/**
 * Signs a deposit that somebody else may bring on chain, and pay the gas for. The token must have ERC-3009, as USDC has.
 *
 * @example
 * const authorization = await buyer.signDepositAuthorization({ amount: 5_000_000n, validBefore });
 * await relayer.depositWithAuthorization({ authorization });
 */
export async function signDepositAuthorization(
  client: WriteClient,
  parameters: SignDepositAuthorizationParameters,
): Promise<SignDepositAuthorizationReturnType> {
  const account = requireAccount(client);
  const { market, amount, validBefore, validAfter = 0, salt = randomSalt() } = parameters;
  const { beneficiary = account.address } = parameters;
  const token = await readMarket(client, { market, functionName: "token", args: [] });
  const nonce = await readMarket(client, { market, functionName: "authorizationNonce", args: [beneficiary, salt] });
  const times = { validAfter: BigInt(validAfter), validBefore: BigInt(validBefore) };
  const domain = await tokenDomain(client, token);
  const signature = await chainCall("signTypedData", () =>
    signTypedData(client, {
      account,
      domain,
      types: receiveWithAuthorizationTypes,
      primaryType: "ReceiveWithAuthorization",
      message: { from: account.address, to: market, value: amount, nonce, ...times },
    }),
  );
  return { from: account.address, beneficiary, amount, validAfter, validBefore, salt, signature };
}
