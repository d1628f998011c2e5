import type { JobEvent, JobEventName } from "@touchstone/sdk";
import type { Hex } from "viem";
import type { MarketClient } from "../network/clients.ts";

/** Gas of a job by step. A step that shares its transaction with an earlier one costs nothing of its own. */
export interface JobGas {
  readonly post: number;
  readonly accept: number;
  readonly submit: number;
  readonly settle: number;
  readonly total: number;
}

const STEPS = { post: "JobPosted", accept: "JobAccepted", submit: "JobSubmitted", settle: "JobSettled" } as const;

/** Reads what the transactions of a settled job used. */
export async function gasOf(client: MarketClient, history: readonly JobEvent[]): Promise<JobGas> {
  const seen = new Set<Hex>();
  const gasOfStep = async (name: JobEventName): Promise<number> => {
    const hash = history.find(({ eventName }) => eventName === name)?.transactionHash;
    if (hash === undefined || seen.has(hash)) {
      return 0;
    }
    seen.add(hash);
    return Number((await client.getTransactionReceipt({ hash })).gasUsed);
  };
  const post = await gasOfStep(STEPS.post);
  const accept = await gasOfStep(STEPS.accept);
  const submit = await gasOfStep(STEPS.submit);
  const settle = await gasOfStep(STEPS.settle);
  return { post, accept, submit, settle, total: post + accept + submit + settle };
}
