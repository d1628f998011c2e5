import type { Hex } from "viem";
import type { TouchstoneError } from "../errors.ts";
import { type DemandEvent, demandEventSelectors, parseDemandEvents } from "../protocol/demand-events.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { courtOf } from "./internal/court.ts";
import { type WatchOptions, watchEvents } from "./internal/watch-events.ts";

export interface WatchDemandsParameters extends WithHistory, WatchOptions {
  /** Only this job. */
  readonly job?: Hex | undefined;
}

/** Ends when its signal is aborted or its loop is left. */
export type WatchDemandsReturnType = AsyncGenerator<DemandEvent, void, void>;

/** The watch itself throws nothing; `onError` is told these. */
export type WatchDemandsErrorType = TouchstoneError;

/**
 * Yields demands for data and their answers as they happen, in order, each once. An open demand that is older:
 * `getDemand`.
 *
 * @example
 * for await (const { eventName, job, args } of provider.watchDemands({ signal })) {
 *   if (eventName === "Demanded") await provider.answerDemand({ job, key: args.key, answer: await answerTo(args) });
 * }
 */
export function watchDemands(client: ReadClient, parameters: WatchDemandsParameters): WatchDemandsReturnType {
  const { market, job = null } = parameters;
  return watchEvents(client, {
    ...parameters,
    name: "watchDemands",
    address: () => courtOf(client, market),
    topics: [demandEventSelectors(), job],
    parse: parseDemandEvents,
    matches: () => true,
    keyOf: ({ transactionHash, eventName, args }) =>
      `${transactionHash}:${eventName}:${args.key}:${args.item}:${args.chunk}`,
  });
}
