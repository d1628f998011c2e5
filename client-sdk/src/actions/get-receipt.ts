import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { JobStatus } from "../protocol/generated/enums.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import { type BroughtReceipt, readBroughtReceipt } from "./internal/receipt-state.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface GetReceiptParameters extends WithHistory {
  /** The job that the receipt stands for: `receiptJob`. */
  readonly job: Hex;
}

export interface GetReceiptReturnType extends BroughtReceipt {
  /** `InCase`; then `Rejected` if the provider was convicted, `Settled` if the receipt stands. */
  readonly status: JobStatus;
}

export type GetReceiptErrorType = ReadErrorType | JobError;

/**
 * Reads a receipt that was brought to the court, with what steps of its case need.
 *
 * @throws JobError `JOB_UNKNOWN` where nobody brought it.
 * @example
 * const { receipt, operator, status } = await client.getReceipt({ job });
 */
export async function getReceipt(client: ReadClient, parameters: GetReceiptParameters): Promise<GetReceiptReturnType> {
  const { market, job } = parameters;
  const [brought, { status }] = await Promise.all([
    readBroughtReceipt(client, parameters),
    readCourt(client, { market, functionName: "receiptJobOf", args: [job] }),
  ]);
  return { ...brought, status: status as JobStatus };
}
