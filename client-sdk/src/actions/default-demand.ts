import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { courtEventsIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import { eventsIn, type TransactErrorType, type Transacted } from "./internal/transact.ts";

export interface DefaultDemandParameters extends WithHistory {
  readonly job: Hex;
  /** The case for which a seat demands. Default: the job, whose client demands. */
  readonly key?: Hex | undefined;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface DefaultDemandReturnType extends Transacted {
  /** To the client, of the price; zero where the job was over already, and of a receipt. Token units. */
  readonly refund: bigint;
  /** What the provider lost, token units. */
  readonly slashed: bigint;
}

export type DefaultDemandErrorType = TransactErrorType | JobError;

/**
 * Ends a job whose provider did not answer a demand in time: the client is repaid, the provider slashed. Anyone may
 * call.
 *
 * @example
 * const { refund } = await buyer.defaultDemand({ job });
 */
export async function defaultDemand(
  client: WriteClient,
  parameters: DefaultDemandParameters,
): Promise<DefaultDemandReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, job, key = job } = parameters;
  const done = await transactCourt(client, { market, functionName: "defaultDemand", args: [spec, frozen, key] });
  const [refunded] = eventsIn(done.receipt, market, "JobRefunded");
  const [slash] = eventsIn(done.receipt, market, "Slashed");
  const [bond] = courtEventsIn(done, "BondSlashed"); // of a receipt
  return { ...done, refund: refunded?.refund ?? 0n, slashed: slash?.amount ?? bond?.amount ?? 0n };
}
