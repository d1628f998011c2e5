import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";
import type { DepositAuthorization } from "./sign-deposit-authorization.ts";

export interface DepositWithAuthorizationParameters extends OnMarket {
  readonly authorization: DepositAuthorization;
}

export type DepositWithAuthorizationReturnType = Transacted;
export type DepositWithAuthorizationErrorType = TransactErrorType;

/**
 * Brings a deposit that its owner signed (ERC-3009). Anyone may; the owner's beneficiary is credited.
 *
 * @example
 * await relayer.depositWithAuthorization({ authorization });
 */
export async function depositWithAuthorization(
  client: WriteClient,
  { market, authorization }: DepositWithAuthorizationParameters,
): Promise<DepositWithAuthorizationReturnType> {
  const { from, beneficiary, amount, validAfter, validBefore, salt, signature } = authorization;
  const done = await transact(client, {
    market,
    functionName: "depositWithAuthorization",
    args: [from, beneficiary, amount, BigInt(validAfter), BigInt(validBefore), salt, signature],
  });
  eventIn(done.receipt, market, "Deposited");
  return done;
}
