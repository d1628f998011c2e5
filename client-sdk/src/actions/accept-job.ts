import type { Address, Hex } from "viem";
import { type Frozen, freeze } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface AcceptJobParameters extends OnMarket {
  readonly spec: JobSpec;
  /** For whom. Default: the caller; an operator names its provider. */
  readonly provider?: Address | undefined;
}

export interface AcceptJobReturnType extends Transacted {
  readonly job: Hex;
  /** What `submitResult` needs. */
  readonly frozen: Frozen;
}

export type AcceptJobErrorType = TransactErrorType;

/**
 * Takes a job on: the provider has the whole input and will submit in time.
 *
 * @example
 * const { frozen } = await provider.acceptJob({ spec });
 */
export async function acceptJob(
  client: WriteClient,
  { market, spec, provider = requireAccount(client).address }: AcceptJobParameters,
): Promise<AcceptJobReturnType> {
  const done = await transact(client, { market, functionName: "accept", args: [spec, provider] });
  const { id, verified } = eventIn(done.receipt, market, "JobAccepted");
  return { ...done, job: id, frozen: freeze(spec, provider, verified) };
}
