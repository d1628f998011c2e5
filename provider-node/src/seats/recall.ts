import { getJobHistory } from "@touchstone/sdk";
import type { JobSpec } from "@touchstone/sdk/protocol";
import { type Address, type Hex, type PublicClient, zeroAddress } from "viem";
import type { DossierFact } from "./dossier.ts";
import { jobFactOf } from "./intake.ts";

/** A job and what happened to it. */
export interface Recollection {
  readonly spec: JobSpec;
  readonly facts: readonly DossierFact[];
}

/** Reads a job from the chain that was posted before this node began to watch. */
export async function recall(client: PublicClient, market: Address, job: Hex): Promise<Recollection | undefined> {
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
