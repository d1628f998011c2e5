import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import { Draw } from "../protocol/generated/enums.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import { frozenOf } from "./internal/job-state.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface GetDrawParameters extends WithHistory {
  readonly job: Hex;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export type GetDrawReturnType = Draw;

export type GetDrawErrorType = ReadErrorType | JobError;

/**
 * Reads what the random draw says of a job: `Pending` until a block after its submission decides, `Drawn` until its
 * case is closed. Of a job that is not verified, always `NotDrawn`.
 *
 * @example
 * if ((await client.getDraw({ job })) === Draw.Drawn) await client.openDrawnCase({ job });
 */
export async function getDraw(client: ReadClient, parameters: GetDrawParameters): Promise<GetDrawReturnType> {
  const { market, job } = parameters;
  const frozen = await frozenOf(client, parameters);
  if (!frozen.verified) {
    return Draw.NotDrawn; // the market does not ask its court about it
  }
  if (frozen.submitBlock === 0n) {
    return Draw.Pending;
  }
  return (await readCourt(client, { market, functionName: "drawOf", args: [job, frozen] })) as Draw;
}
