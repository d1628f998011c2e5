import type { Address, Hex } from "viem";
import { padHex } from "viem";
import type { CaseError } from "../errors.ts";
import { caseEventSelectors } from "../protocol/case-events.ts";
import type { CaseRecord } from "../protocol/case-record.ts";
import { readCaseEvents, readCaseRecord } from "./internal/case-state.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { inParallel } from "./internal/in-parallel.ts";
import { latestBlockNumber } from "./internal/logs.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface ListCasesParameters extends WithHistory {
  /** Only cases of this job. */
  readonly job?: Hex | undefined;
  /** Only cases that this account opened. */
  readonly opener?: Address | undefined;
}

/** Oldest first. */
export type ListCasesReturnType = readonly CaseRecord[];

export type ListCasesErrorType = ReadErrorType | CaseError;

const PARALLEL_READS = 4;

/**
 * Lists cases, rebuilt from events. Give `fromBlock`: a long history takes long.
 *
 * @example
 * const cases = await client.listCases({ job });
 */
export async function listCases(
  client: ReadClient,
  { market, fromBlock, job, opener }: ListCasesParameters,
): Promise<ListCasesReturnType> {
  const latest = await latestBlockNumber(client);
  const by = opener === undefined ? null : padHex(opener, { size: 32 });
  const topics = [caseEventSelectors(["CaseOpened"]), null, job ?? null, by];
  const opened = await readCaseEvents(client, { market, fromBlock }, topics, latest);
  return inParallel(opened, PARALLEL_READS, ({ caseId }) =>
    readCaseRecord(client, { market, fromBlock }, caseId, latest),
  );
}
