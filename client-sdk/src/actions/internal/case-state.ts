import type { Hex } from "viem";
import { CaseError } from "../../errors.ts";
import { caseId } from "../../protocol/case.ts";
import {
  CASE_EVENTS,
  type CaseEvent,
  caseEventSelectors,
  PENALTY_EVENT,
  parseCaseEvents,
} from "../../protocol/case-events.ts";
import { type CaseRecord, foldCaseEvents } from "../../protocol/case-record.ts";
import type { Frozen } from "../../protocol/frozen.ts";
import type { JobSpec } from "../../protocol/job.ts";
import type { ReadClient, WithHistory } from "./clients.ts";
import { courtOf } from "./court.ts";
import { getLogsInRange, latestBlockNumber, type Topics } from "./logs.ts";

/** Which case: by its id, or by its job and key. */
export type CaseReference =
  | { readonly caseId: Hex }
  | {
      readonly job: Hex;
      /** The start item of a client's challenge. Default: `DRAW_KEY`, the draw's case. */
      readonly key?: bigint | undefined;
    };

/** A step of a case, and what it needs of the job. */
export interface CaseStep extends WithHistory {
  readonly job: Hex;
  /** The start item of a client's challenge. Default: `DRAW_KEY`, the draw's case. */
  readonly key?: bigint | undefined;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

/** The id of the case that is meant. */
export function idOfCase(reference: CaseReference): Hex {
  return "caseId" in reference ? reference.caseId : caseId(reference);
}

/** Case events of the court in a range of blocks, oldest first. */
export async function readCaseEvents(
  client: ReadClient,
  { market, fromBlock = 0n }: WithHistory,
  topics: Topics,
  toBlock: bigint,
): Promise<CaseEvent[]> {
  const address = await courtOf(client, market);
  return parseCaseEvents(await getLogsInRange(client, { address, topics, fromBlock, toBlock }));
}

/** All events of one case, oldest first. Throws `CASE_UNKNOWN` where there are none. */
export async function readEventsOfCase(
  client: ReadClient,
  query: WithHistory,
  id: Hex,
  toBlock?: bigint,
): Promise<CaseEvent[]> {
  const named = CASE_EVENTS.filter((name) => name !== PENALTY_EVENT);
  const latest = toBlock ?? (await latestBlockNumber(client));
  const found = await Promise.all([
    readCaseEvents(client, query, [caseEventSelectors(named), id], latest),
    readCaseEvents(client, query, [caseEventSelectors([PENALTY_EVENT]), null, id], latest),
  ]);
  const events = found.flat().sort(byPlace);
  if (events.length === 0) {
    const sentence = `The court knows no case ${id}: check job, key, market, chain and \`fromBlock\`.`;
    throw new CaseError("CASE_UNKNOWN", sentence, id);
  }
  return events;
}

function byPlace(a: CaseEvent, b: CaseEvent): number {
  return a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : Number(a.blockNumber - b.blockNumber);
}

/** What the events of one case tell. Throws `CASE_UNKNOWN` where there are none. */
export async function readCaseRecord(
  client: ReadClient,
  query: WithHistory,
  id: Hex,
  toBlock?: bigint,
): Promise<CaseRecord> {
  const events = await readEventsOfCase(client, query, id, toBlock);
  const record = foldCaseEvents(events);
  if (record === undefined) {
    const sentence = `The RPC server left out the opening of case ${id}. Ask another one.`;
    throw new CaseError("CASE_EVENTS_INCONSISTENT", sentence, id, { details: { events } });
  }
  return record;
}
