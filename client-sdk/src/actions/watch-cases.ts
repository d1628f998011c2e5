import type { Hex } from "viem";
import type { TouchstoneError } from "../errors.ts";
import { type CaseEvent, caseEventSelectors, parseCaseEvents } from "../protocol/case-events.ts";
import { CaseFilter } from "./internal/case-filter.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { courtOf } from "./internal/court.ts";
import { type WatchOptions, watchEvents } from "./internal/watch-events.ts";

export interface WatchCasesParameters extends WithHistory, WatchOptions {
  /** Only this case. */
  readonly caseId?: Hex | undefined;
  /** Only cases of this job. */
  readonly job?: Hex | undefined;
}

/** Ends when its signal is aborted or its loop is left. */
export type WatchCasesReturnType = AsyncGenerator<CaseEvent, void, void>;

/** The watch itself throws nothing; `onError` is told these. */
export type WatchCasesErrorType = TouchstoneError;

/**
 * Yields the events of cases as they happen, in order, each once. A failing RPC server delays it and ends nothing.
 *
 * An event that a reorganisation took back for good is not taken back here: ask for `confirmations`, or read `getCase`.
 *
 * @example
 * for await (const event of client.watchCases({ signal })) {
 *   if (event.eventName === "CaseSeated" && event.args.seats.includes(seat)) await check(event.caseId);
 * }
 */
export function watchCases(client: ReadClient, parameters: WatchCasesParameters): WatchCasesReturnType {
  const filter = new CaseFilter(client, parameters);
  return watchEvents(client, {
    ...parameters,
    name: "watchCases",
    address: () => courtOf(client, parameters.market),
    topics: [caseEventSelectors()],
    parse: parseCaseEvents,
    matches: (event) => filter.matches(event),
    keyOf,
  });
}

/** One transaction may seat, commit or penalise several seats of a case, each once. */
function keyOf({ transactionHash, eventName, caseId, args }: CaseEvent): string {
  return `${transactionHash}:${eventName}:${caseId}:${"seat" in args ? args.seat : "tier" in args ? args.tier : ""}`;
}
