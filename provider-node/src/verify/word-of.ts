import {
  chooseProbes,
  EMPTY_WORD,
  FAULT_WORD,
  type Fault,
  type ItemClaim,
  type Probe,
  seedOf,
  WORD_PROBES,
  type Word,
  wordOfMeasures,
} from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Engine, EntryCheck, Lookup } from "../engine/engine.ts";
import { checkItem, isFault, type SoundItem } from "./check-item.ts";
import { type Statistics, summarise } from "./statistics.ts";

/** What a seat finds of a case. */
export interface Finding {
  /** What it reveals on chain. */
  readonly word: Word;
  readonly statistics: Statistics;
  /** Contradictions; where there are any, the word is that of a fault and the model was not run. */
  readonly faults: readonly Fault[];
  /** What the reference says of each trace entry, in order of the walk. */
  readonly entries: readonly EntryCheck[];
}

export interface WordOptions {
  /** 32 bytes: the seed of the case's first panel. */
  readonly wordSeed: Hex;
  readonly signal: AbortSignal;
}

/**
 * Checks the items of a case against this machine's own run of the model and puts the result into a word. Each item
 * costs one pass over prompt and output, less than half of what writing it cost.
 *
 * @param items In order of the case's walk.
 * @throws NodeError `ENGINE_FAILED`, or the signal's reason.
 */
export async function wordOf(
  engine: Engine,
  items: readonly ItemClaim[],
  { wordSeed, signal }: WordOptions,
): Promise<Finding> {
  const checks = await Promise.all(items.map((item) => checkItem(engine, item)));
  const faults = checks.filter(isFault);
  if (faults.length > 0) {
    return { word: FAULT_WORD, statistics: summarise([]), faults, entries: [] };
  }
  const sound = checks.filter((check): check is SoundItem => !isFault(check));
  const total = sound.reduce((sum, { entries }) => sum + entries.length, 0);
  const probes = chooseProbes(wordSeed, total, engine.model.vocabulary);
  const entries: EntryCheck[] = [];
  const sums = Array.from({ length: WORD_PROBES }, () => 0);
  for (const [index, item] of sound.entries()) {
    const own = probesWithin(probes, entries.length, item.entries.length);
    const found = await recheckItem(engine, item, own, { seed: items[index]?.seed as Hex, signal });
    own.forEach(({ pairs }, probe) => {
      addDifferences(sums, pairs, found.lookups[probe]);
    });
    entries.push(...found.entries);
  }
  const statistics = summarise(entries);
  const word = total === 0 ? EMPTY_WORD : wordOfMeasures({ ...statistics, probes: sums });
  return { word, statistics, faults, entries };
}

/** The probes in one item, their positions counted from its start. */
function probesWithin(probes: readonly Probe[], start: number, length: number): readonly Probe[] {
  return probes
    .filter(({ position }) => position >= start && position < start + length)
    .map(({ position, pairs }) => ({ position: position - start, pairs }));
}

async function recheckItem(
  engine: Engine,
  { request, entries }: SoundItem,
  probes: readonly Probe[],
  { seed, signal }: { readonly seed: Hex; readonly signal: AbortSignal },
) {
  if (request === undefined || entries.length === 0) {
    return { entries: [], lookups: [] };
  }
  const lookups = probes.map(({ position, pairs }): Lookup => ({ position, ids: pairs.flat() }));
  return await engine.recheck(request, { trace: entries, seed: seedOf(request, seed) }, { lookups, signal });
}

function addDifferences(sums: number[], pairs: Probe["pairs"], logits: ReadonlyMap<number, number> = new Map()): void {
  pairs.forEach(([first, second], lane) => {
    sums[lane] = (sums[lane] ?? 0) + (logits.get(first) ?? 0) - (logits.get(second) ?? 0);
  });
}
