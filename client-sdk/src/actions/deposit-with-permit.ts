import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { signPermit } from "./internal/permit.ts";
import { eventIn, readMarket, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface DepositWithPermitParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
  /** Who is credited. Default: the caller. */
  readonly beneficiary?: Address | undefined;
  /** The permit is good until this. Default: for ever, as it is used at once. Unix seconds. */
  readonly deadline?: bigint | undefined;
}

export type DepositWithPermitReturnType = Transacted;
export type DepositWithPermitErrorType = TransactErrorType;

const FOR_EVER = 2n ** 256n - 1n;

/**
 * As `deposit`, with a signature (ERC-2612) instead of an approval: one transaction in all.
 *
 * @example
 * await buyer.depositWithPermit({ amount: 5_000_000n });
 */
export async function depositWithPermit(
  client: WriteClient,
  parameters: DepositWithPermitParameters,
): Promise<DepositWithPermitReturnType> {
  const { market, amount, deadline = FOR_EVER, beneficiary = requireAccount(client).address } = parameters;
  const token = await readMarket(client, { market, functionName: "token", args: [] });
  const { v, r, s } = await signPermit(client, { token, spender: market, amount, deadline });
  const done = await transact(client, {
    market,
    functionName: "depositWithPermit",
    args: [beneficiary, amount, deadline, v, r, s],
  });
  eventIn(done.receipt, market, "Deposited");
  return done;
}
