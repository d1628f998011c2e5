import { getJobHistory } from "@touchstone/sdk";
import { courtAbi, type JobSpec, receiptSpec } from "@touchstone/sdk/protocol";
import { type Address, type Hex, type PublicClient, zeroAddress } from "viem";
import type { DossierFact } from "./dossier.ts";
import { broughtFactOf, jobFactOf } from "./intake.ts";

/** A job and what happened to it. */
export interface Recollection {
  readonly spec: JobSpec;
  readonly facts: readonly DossierFact[];
}

/** Where a job or a receipt is looked up. */
export interface RecallOptions {
  readonly client: PublicClient;
  readonly market: Address;
  readonly court: Address;
  /** The court's `receiptLifetime`, seconds. */
  readonly receiptLifetime: number;
}

/** Reads a job, or a receipt, from the chain that came before this node began to watch. */
export async function recall(options: RecallOptions, job: Hex): Promise<Recollection | undefined> {
  const { client, market } = options;
  const receipt = await recallReceipt(options, job);
  if (receipt !== undefined) {
    return receipt;
  }
  const events = await getJobHistory(client, { market, job });
  const posted = events.find((event) => event.eventName === "JobPosted");
  if (posted === undefined) {
    return undefined;
  }
  const { id: _, uri: __, ...terms } = posted.args;
  const facts = events.flatMap((event) => {
    const noted = jobFactOf(event, { block: Number(event.blockNumber), at: event.time });
    return noted === undefined ? [] : [noted.fact];
  });
  return { spec: { ...terms, callback: zeroAddress, callbackGas: 0 }, facts };
}

async function recallReceipt(
  { client, court, receiptLifetime }: RecallOptions,
  job: Hex,
): Promise<Recollection | undefined> {
  const [brought] = await client.getContractEvents({
    address: court,
    abi: courtAbi,
    eventName: "ReceiptBrought",
    args: { job },
    fromBlock: "earliest",
    strict: true,
  });
  if (brought === undefined) {
    return undefined;
  }
  const { args, blockNumber } = brought;
  return {
    spec: receiptSpec(args.receipt, receiptLifetime),
    facts: [broughtFactOf(args, Number(blockNumber)).fact],
  };
}
