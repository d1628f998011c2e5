import type { Hex } from "viem";
import { keccak256 } from "viem/utils";
import { philox4x32 } from "./philox.ts";
import { WORD_PROBES } from "./word.ts";

/** Positions whose logits a word holds. */
export const PROBED_POSITIONS = 32;

/** Two ids whose logits are compared. */
export type IdPair = readonly [number, number];

/** One position of a case and the pairs that are compared there, one for each probe lane. */
export interface Probe {
  /** Among all trace entries that the case covers, in order of its walk. */
  readonly position: number;
  readonly pairs: readonly IdPair[];
}

/** Which independent numbers are drawn: the second word of the counter. */
const POSITIONS = 0;
const FIRST_IDS = 1;
const SECOND_IDS = 2;

/**
 * What the seats of a case must look up: nobody knows before the seed does. The last position is always among them, for it
 * needs the whole of the claim; where fewer are covered, all are, some of them again with other pairs.
 *
 * Numbers are Philox4x32-10 under the key of the first two words of `keccak256(wordSeed)`, counter (index, what, third
 * word, fourth word), its first word scaled to the range.
 *
 * @param wordSeed 32 bytes, of the case.
 * @param entries Trace entries that the case covers.
 * @param vocabulary Ids of the model.
 * @returns {@link PROBED_POSITIONS} probes by position; none where nothing is covered.
 */
export function chooseProbes(wordSeed: Hex, entries: number, vocabulary: number): Probe[] {
  if (entries === 0) {
    return [];
  }
  const draw = numbers(keccak256(wordSeed));
  return choosePositions(draw, entries).map((position, slot) => {
    const pairs = Array.from({ length: WORD_PROBES }, (_, lane) => {
      const index = slot * WORD_PROBES + lane;
      const first = draw(FIRST_IDS, index, vocabulary);
      const step = 1 + draw(SECOND_IDS, index, vocabulary - 1);
      return [first, (first + step) % vocabulary] as const;
    });
    return { position, pairs };
  });
}

type Draw = (what: number, index: number, range: number) => number;

function choosePositions(draw: Draw, entries: number): number[] {
  if (entries <= PROBED_POSITIONS) {
    const again = Array.from({ length: PROBED_POSITIONS - entries }, (_, index) => draw(POSITIONS, index, entries));
    return [...Array(entries).keys(), ...again].sort((a, b) => a - b);
  }
  // Floyd's sampling without replacement (Bentley, Floyd, CACM 1987) of all but the last, which is in anyhow.
  const others = entries - 1;
  const chosen = new Set([others]);
  for (let index = 0; index < PROBED_POSITIONS - 1; index++) {
    const limit = others - (PROBED_POSITIONS - 1) + index;
    const candidate = draw(POSITIONS, index, limit + 1);
    chosen.add(chosen.has(candidate) ? limit : candidate);
  }
  return [...chosen].sort((a, b) => a - b);
}

function numbers(seed: Hex): Draw {
  const [key0 = 0, key1 = 0, word2 = 0, word3 = 0] = [0, 1, 2, 3].map((word) =>
    Number.parseInt(seed.slice(2 + 8 * word, 10 + 8 * word), 16),
  );
  return (what, index, range) => {
    const [bits] = philox4x32([index, what, word2, word3], [key0, key1]);
    return Math.floor((bits / 2 ** 32) * range);
  };
}
