import { getBlock } from "viem/actions";
import type { CaseError } from "../errors.ts";
import type { CaseEvent } from "../protocol/case-events.ts";
import { type CaseReference, idOfCase, readEventsOfCase } from "./internal/case-state.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { inParallel } from "./internal/in-parallel.ts";
import { latestBlockNumber } from "./internal/logs.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";

export type GetCaseHistoryParameters = WithHistory & CaseReference;

/** A case's events, oldest first, each with the time of its block in unix seconds. */
export type GetCaseHistoryReturnType = readonly (CaseEvent & { readonly time: number })[];

export type GetCaseHistoryErrorType = ReadErrorType | CaseError;

const PARALLEL_READS = 4;

/**
 * Reads all that happened in a case and when: seeds, seats, commitments, words, penalties, the verdict.
 *
 * @example
 * for (const event of await client.getCaseHistory({ job })) {
 *   if (event.eventName === "WordRevealed") console.log(event.args.seat, decodeWord(event.args.word));
 * }
 */
export async function getCaseHistory(
  client: ReadClient,
  parameters: GetCaseHistoryParameters,
): Promise<GetCaseHistoryReturnType> {
  const latest = await latestBlockNumber(client);
  const events = await readEventsOfCase(client, parameters, idOfCase(parameters), latest);
  return inParallel(events, PARALLEL_READS, async (event) => {
    const { blockNumber } = event;
    const block = await chainCall("eth_getBlockByNumber", () => getBlock(client, { blockNumber }));
    return { ...event, time: Number(block.timestamp) };
  });
}
