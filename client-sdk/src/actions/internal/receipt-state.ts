import { type Address, getAbiItem, type Hex, parseEventLogs, toEventSelector } from "viem";
import { JobError } from "../../errors.ts";
import type { Frozen } from "../../protocol/frozen.ts";
import { courtAbi } from "../../protocol/generated/abi.ts";
import type { JobSpec } from "../../protocol/job.ts";
import { type Receipt, receiptFrozen, receiptSpec } from "../../protocol/receipt.ts";
import type { ReadClient, WithHistory } from "./clients.ts";
import { courtOf, readCourt } from "./court.ts";
import { getLogsInRange, latestBlockNumber } from "./logs.ts";

/** A receipt that its payer brought to the court. */
export interface BroughtReceipt {
  /** The job that it stands for. */
  readonly job: Hex;
  readonly receipt: Receipt;
  /** Who signed it. */
  readonly operator: Address;
  /** What steps of its case need. */
  readonly spec: JobSpec;
  readonly frozen: Frozen;
  /** Where it was brought. */
  readonly blockNumber: bigint;
  readonly transactionHash: Hex;
}

const BROUGHT = /* @__PURE__ */ toEventSelector(getAbiItem({ abi: courtAbi, name: "ReceiptBrought" }));

/** The receipt that a job stands for. Throws `JOB_UNKNOWN` where nobody brought one. */
export async function readBroughtReceipt(
  client: ReadClient,
  { market, fromBlock = 0n, job }: WithHistory & { readonly job: Hex },
): Promise<BroughtReceipt> {
  const [address, { receiptLifetime }, toBlock] = await Promise.all([
    courtOf(client, market),
    readCourt(client, { market, functionName: "courtParameters", args: [] }),
    latestBlockNumber(client),
  ]);
  const logs = await getLogsInRange(client, { address, topics: [BROUGHT, job], fromBlock, toBlock });
  const [event] = parseEventLogs({ abi: courtAbi, eventName: "ReceiptBrought", logs });
  if (event === undefined) {
    const sentence = `The court knows no receipt of job ${job}: check id, market, chain and \`fromBlock\`.`;
    throw new JobError("JOB_UNKNOWN", sentence, job);
  }
  const { args, blockNumber, transactionHash } = event;
  const { receipt, operator } = args;
  const spec = receiptSpec(receipt, receiptLifetime);
  const frozen = receiptFrozen(receipt, receiptLifetime);
  return { job: args.job, receipt, operator, spec, frozen, blockNumber, transactionHash };
}
