import type { CaseError } from "../errors.ts";
import type { CaseRecord } from "../protocol/case-record.ts";
import { type CaseTimes, caseTimes } from "../protocol/case-times.ts";
import type { CaseStatus } from "../protocol/generated/enums.ts";
import { type CaseReference, idOfCase, readCaseRecord } from "./internal/case-state.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import { latestBlockNumber } from "./internal/logs.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export type GetCaseParameters = WithHistory & CaseReference;

export interface GetCaseReturnType extends CaseRecord {
  readonly status: CaseStatus;
  /** When the status came about. Unix seconds. */
  readonly since: number;
  /** What the next steps are in time for. */
  readonly times: CaseTimes;
  /** Demands for data so far. */
  readonly demands: number;
  /** What the client put down, token units. */
  readonly bond: bigint;
}

export type GetCaseErrorType = ReadErrorType | CaseError;

/**
 * Reads a case: what the court keeps, and what its events tell: seeds, seats, words, verdict.
 *
 * @example
 * const { status, times, positions, ending } = await client.getCase({ job });
 */
export async function getCase(client: ReadClient, parameters: GetCaseParameters): Promise<GetCaseReturnType> {
  const { market } = parameters;
  const id = idOfCase(parameters);
  const blockNumber = await latestBlockNumber(client);
  const [record, stored, windows] = await Promise.all([
    readCaseRecord(client, parameters, id, blockNumber),
    readCourt(client, { market, functionName: "caseOf", args: [id], blockNumber }),
    readCourt(client, { market, functionName: "courtParameters", args: [] }),
  ]);
  const { since, demands, bond } = stored;
  const status = stored.status as CaseStatus;
  return { ...record, status, since, demands, bond, times: caseTimes({ ...stored, status }, windows) };
}
