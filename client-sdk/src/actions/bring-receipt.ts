import type { Hex } from "viem";
import type { ReceiptEnvelope } from "../protocol/receipt-envelope.ts";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

/** What the court is shown of an envelope. */
export type SignedReceipt = Pick<ReceiptEnvelope, "receipt" | "operator" | "signature">;

export interface BringReceiptParameters extends OnMarket {
  /** As the provider sent it. */
  readonly envelope: SignedReceipt;
}

export interface BringReceiptReturnType extends Transacted {
  /** The job that the receipt stands for: steps of its case take it with `key`. */
  readonly job: Hex;
  readonly caseId: Hex;
  /** Always 0: the one item. */
  readonly key: bigint;
}

export type BringReceiptErrorType = TransactErrorType;

/**
 * Opens the case about a live call of the caller, before its receipt expires. The bond, `challengeBond` or a tenth of the
 * amount if that is more, comes from the caller's free balance. It is lost if the provider is acquitted.
 *
 * @example
 * const { job, key } = await buyer.bringReceipt({ envelope });
 * const { ending } = await buyer.waitForCase({ job, key, until: "closed" });
 */
export async function bringReceipt(
  client: WriteClient,
  { market, envelope }: BringReceiptParameters,
): Promise<BringReceiptReturnType> {
  const { receipt, operator, signature } = envelope;
  const done = await transactCourt(client, {
    market,
    functionName: "bringReceipt",
    args: [receipt, operator, signature],
  });
  const { job, caseId, key } = courtEventIn(done, "CaseOpened");
  return { ...done, job, caseId, key };
}
