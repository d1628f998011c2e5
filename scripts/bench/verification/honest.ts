import { decodeTrace } from "@touchstone/sdk/protocol";
import type { Machine } from "../../../provider-node/src/calibrate/machine.ts";
import type { FoundMachine } from "../../../provider-node/src/calibrate/machines.ts";
import { orderOf } from "../../../provider-node/src/calibrate/orders.ts";
import { openRemoteEngine } from "../../../provider-node/src/calibrate/remote-engine.ts";
import type { ResolvedModel } from "../../../provider-node/src/engine/models.ts";
import type { Collection } from "./collect.ts";

/** A provider's machine and a seat's. */
export interface Pair {
  readonly provider: Machine;
  readonly seat: Machine;
  /** Entries to collect. */
  readonly tokens: number;
}

/** Builds for CPUs that do not convert half precision: several times slower, so they take a smaller part. */
const SLOW = new Set(["x64", "sse42", "sandybridge"]);

/** Share of all entries that goes to pairs with a slow machine. */
const SLOW_SHARE = 0.05;

/** Entries below which a pair is not worth its start. */
const LEAST = 1_000;

const signal = new AbortController().signal;

/** Machines that are fast enough for a large model. */
export function fastOnes<M extends Machine>(machines: readonly M[]): M[] {
  return machines.filter(({ name }) => !SLOW.has(name));
}

/** Every machine as provider, judged by every other one, or where that is too much by the next one alone. */
export function pairsOf(machines: readonly FoundMachine[], tokens: number): Pair[] {
  const isRing = tokens / (machines.length * (machines.length - 1)) < LEAST;
  const pairs = machines.flatMap((provider, index) =>
    machines.flatMap((seat, other) => {
      const isWanted = isRing ? other === (index + 1) % machines.length : other !== index;
      return isWanted ? [{ provider, seat }] : [];
    }),
  );
  const isSlow = ({ provider, seat }: Omit<Pair, "tokens">) => SLOW.has(provider.name) || SLOW.has(seat.name);
  const slow = pairs.filter(isSlow).length;
  return pairs.map((pair) => {
    const share =
      slow === 0 ? 1 / pairs.length : isSlow(pair) ? SLOW_SHARE / slow : (1 - SLOW_SHARE) / (pairs.length - slow);
    return { ...pair, tokens: Math.ceil(tokens * share) };
  });
}

/** What it takes to collect a pair's checks of a model. */
export function honestCollection(name: string, model: ResolvedModel, { provider, seat, tokens }: Pair): Collection {
  const set = `${name}/${provider.name}>${seat.name}`;
  return {
    name: set,
    tokens,
    order: (index) => orderOf(set, index),
    open: async () => {
      const [writer, verifier] = [
        await openRemoteEngine({ machine: provider, model }),
        await openRemoteEngine({ machine: seat, model }),
      ];
      return {
        write: async ({ request, seed }) => decodeTrace((await writer.generate(request, { seed, signal })).trace),
        verifier,
        close: async () => {
          await writer.close();
          await verifier.close();
        },
      };
    },
  };
}
