import type { Address, Log } from "viem";
import type { TouchstoneError } from "../../errors.ts";
import { asTouchstoneError } from "./chain-errors.ts";
import type { ReadClient } from "./clients.ts";
import { getLogsInRange, latestBlockNumber, type Topics } from "./logs.ts";
import { pause } from "./pause.ts";

/** How a watch is kept. */
export interface WatchOptions {
  /** Blocks that an event must have above it before it is told. Default 0. */
  readonly confirmations?: number | undefined;
  /** The first block whose events are told. Default: the next one. */
  readonly since?: bigint | undefined;
  /** Milliseconds between looks. Default: the client's. */
  readonly pollingInterval?: number | undefined;
  /** Told of failures of the RPC server; the watch goes on. */
  readonly onError?: ((error: TouchstoneError) => void) | undefined;
  /** Ends the watch. */
  readonly signal?: AbortSignal | undefined;
}

interface Placed {
  readonly blockNumber: bigint;
}

/** What is watched. */
interface Watch<Event extends Placed> extends WatchOptions {
  /** The action, for errors. */
  readonly name: string;
  /** Asked for at each look. */
  readonly address: () => Promise<Address>;
  readonly topics: Topics;
  readonly parse: (logs: readonly Log<bigint, number, false>[]) => readonly Event[];
  readonly matches: (event: Event) => boolean | Promise<boolean>;
  /** The same for an event that a reorganisation moved to another block. */
  readonly keyOf: (event: Event) => string;
}

/** Blocks looked at again each time, for events that a small reorganisation, or a server behind another, brought late. */
const OVERLAP = 8n;

/** Blocks after which an event is not told apart from a new one any more. */
const MEMORY = 512n;

/** Yields events of one contract as they happen, in order, each once. A failing RPC server delays it and ends nothing. */
export async function* watchEvents<Event extends Placed>(
  client: ReadClient,
  watch: Watch<Event>,
): AsyncGenerator<Event, void, void> {
  const { name, address, topics, parse, matches, keyOf } = watch;
  const { confirmations = 0, pollingInterval = client.pollingInterval, signal, onError } = watch;
  const seen = new Map<string, bigint>();
  let first = watch.since;
  let next = first ?? 0n;

  while (!signal?.aborted) {
    const fresh: Event[] = [];
    try {
      const head = (await latestBlockNumber(client)) - BigInt(confirmations);
      first ??= head < 0n ? 0n : head + 1n; // a chain may be shorter than the confirmations
      const from = next - OVERLAP > first ? next - OVERLAP : first;
      const logs = await getLogsInRange(client, { address: await address(), topics, fromBlock: from, toBlock: head });
      for (const event of parse(logs)) {
        if (!seen.has(keyOf(event)) && (await matches(event))) {
          fresh.push(event);
        }
      }
      next = head + 1n > next ? head + 1n : next;
    } catch (error) {
      onError?.(asTouchstoneError(error, name)); // `next` did not move: what was not read now is read again
    }
    for (const event of fresh) {
      seen.set(keyOf(event), event.blockNumber);
      yield event;
    }
    forget(seen, next - MEMORY);
    await pause(pollingInterval, signal);
  }
}

function forget(seen: Map<string, bigint>, before: bigint): void {
  for (const [key, blockNumber] of seen) {
    if (blockNumber < before) {
      seen.delete(key);
    }
  }
}
