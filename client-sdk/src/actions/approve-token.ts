import { erc20Abi } from "viem";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { readMarket, type TransactErrorType, type Transacted, transactAny } from "./internal/transact.ts";

export interface ApproveTokenParameters extends OnMarket {
  /** Token units that the market may then take. */
  readonly amount: bigint;
}

export type ApproveTokenReturnType = Transacted;
export type ApproveTokenErrorType = TransactErrorType;

/**
 * Lets the market take tokens of the caller: what `deposit` needs. `depositWithPermit` needs no such transaction.
 *
 * @example
 * await buyer.approveToken({ amount: 5_000_000n });
 */
export async function approveToken(
  client: WriteClient,
  { market, amount }: ApproveTokenParameters,
): Promise<ApproveTokenReturnType> {
  const token = await readMarket(client, { market, functionName: "token", args: [] });
  return transactAny(client, { address: token, abi: erc20Abi, functionName: "approve", args: [market, amount] });
}
