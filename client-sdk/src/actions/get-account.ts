import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { type ReadErrorType, readMarket } from "./internal/transact.ts";

export interface GetAccountParameters extends OnMarket {
  /** Default: the client's own. */
  readonly account?: Address | undefined;
}

/** All that the market keeps for one account. Amounts in token units, times in unix seconds. */
export interface GetAccountReturnType {
  readonly account: Address;
  /** Free to spend or withdraw at once. */
  readonly balance: bigint;
  /** Slashable, not asked back. */
  readonly stake: bigint;
  /** Sum of the prices of accepted, unsettled jobs. */
  readonly exposure: bigint;
  /** Fees of its settled jobs that nobody moved to the pool yet. */
  readonly fees: bigint;
  /** How much more it may accept now. */
  readonly capacity: bigint;
  /** What backs signed orders; `leaving` is the part that was asked back. */
  readonly reserve: { readonly amount: bigint; readonly leaving: bigint; readonly releasableAt: number };
  /** Stake that was asked back. */
  readonly unbonding: { readonly amount: bigint; readonly withdrawableAt: number };
}

export type GetAccountErrorType = ReadErrorType;

/**
 * Reads balance, reserve, stake, exposure and capacity of an account.
 *
 * @example
 * const { balance, stake, capacity } = await provider.getAccount({});
 */
export async function getAccount(
  client: WriteClient,
  { market, account = requireAccount(client).address }: GetAccountParameters,
): Promise<GetAccountReturnType> {
  const args = [account] as const;
  const [amounts, reserve, unbonding, capacity] = await Promise.all([
    readMarket(client, { market, functionName: "accountOf", args }),
    readMarket(client, { market, functionName: "reserveOf", args }),
    readMarket(client, { market, functionName: "unbondingOf", args }),
    readMarket(client, { market, functionName: "capacityOf", args }),
  ]);
  return { account, ...amounts, capacity, reserve, unbonding };
}
