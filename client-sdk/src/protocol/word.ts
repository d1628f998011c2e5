import type { Hex } from "viem";
import { bytesToHex, hexToBytes } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import type { Tolerances } from "./tolerances.ts";

/**
 * What a seat says of a case: sixteen int16 lanes in 32 bytes, lane `i` big-endian at byte `2i`. The verdict takes the
 * lane-wise median of the seats' words. Mirrors `WordLib`.
 */
export interface Word {
  /** Lane 0: trace entries judged. */
  readonly tokens: number;
  /** Lane 1: tokens that the reference would have chosen otherwise; information, not verdict. */
  readonly mismatches: number;
  /** Lane 2: mean margin, clipped at 1 a token, times {@link MARGIN_SCALE}. */
  readonly margin: number;
  /** Lane 3: distance to the provider's trace times {@link DISTANCE_SCALE}. */
  readonly distance: number;
  /** Lanes 4 to 15: differences of logits that the case's seed picked, times {@link PROBE_SCALE}. */
  readonly probes: readonly number[];
}

/** Probes in a word. */
export const WORD_PROBES = 12;

/** Units of lane 2: a mean margin of 1 would be so many; it saturates at 0.031. */
export const MARGIN_SCALE = 2 ** 20;

/** Units of lane 3: it saturates at 8. */
export const DISTANCE_SCALE = 4096;

/** Units of lanes 4 to 15: an eighth of a sum of logit differences times this. */
export const PROBE_SCALE = 256;

const LANES = 4 + WORD_PROBES;
const INT16_MIN = -32_768;
const INT16_MAX = 32_767;
const NO_PROBES: readonly number[] = Array.from({ length: WORD_PROBES }, () => 0);

/** Of a case without any token that is as it should be: every item is a rightful error. */
export const EMPTY_WORD: Word = { tokens: 0, mismatches: 0, margin: 0, distance: 0, probes: NO_PROBES };

/** Of a claim that contradicts itself or the request, whatever any model's numbers are. */
export const FAULT_WORD: Word = { ...EMPTY_WORD, margin: INT16_MAX, distance: INT16_MAX };

/** What was measured of a case, before it is put in lanes. */
export interface WordMeasures {
  readonly tokens: number;
  readonly mismatches: number;
  /** Mean over the tokens, each clipped at 1. */
  readonly margin: number;
  readonly distance: number;
  /** For each lane, the sum over the probed positions of the difference of two logits. */
  readonly probes: readonly number[];
}

/** Puts measures in lanes: scaled, rounded, saturating. */
export function wordOfMeasures({ tokens, mismatches, margin, distance, probes }: WordMeasures): Word {
  return {
    tokens: lane(tokens),
    mismatches: lane(mismatches),
    margin: lane(margin * MARGIN_SCALE),
    distance: lane(distance * DISTANCE_SCALE),
    probes: probes.map((sum) => lane((sum / 8) * PROBE_SCALE)),
  };
}

/** The 32 bytes of a word. Throws `INVALID_DATA` for lanes that are no int16. */
export function encodeWord(word: Word): Hex {
  const lanes = lanesOf(word);
  if (lanes.length !== LANES || lanes.some((value) => !Number.isInteger(value) || lane(value) !== value)) {
    throw new InvalidDataError("word", [`all: must be ${LANES} integers of 16 bits`]);
  }
  const view = new DataView(new ArrayBuffer(2 * LANES));
  lanes.forEach((value, index) => {
    view.setInt16(2 * index, value);
  });
  return bytesToHex(new Uint8Array(view.buffer));
}

/** The word in 32 bytes. Throws `INVALID_DATA` for another length. */
export function decodeWord(hex: Hex): Word {
  const bytes = hexToBytes(hex);
  if (bytes.length !== 2 * LANES) {
    throw new InvalidDataError("word", [`all: must be ${2 * LANES} bytes`]);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return wordOfLanes(Array.from({ length: LANES }, (_, index) => view.getInt16(2 * index)));
}

/** The lane-wise median: in each lane the element `floor((n - 1) / 2)` of the sorted values. At least one word. */
export function medianWord(words: readonly Word[]): Word {
  if (words.length === 0) {
    throw new InvalidDataError("word", ["all: there is no median of nothing"]);
  }
  const all = words.map(lanesOf);
  const middle = Math.floor((words.length - 1) / 2);
  const lanes = Array.from({ length: LANES }, (_, index) => {
    const sorted = all.map((lanes) => lanes[index] as number).sort((a, b) => a - b);
    return sorted[middle] as number;
  });
  return wordOfLanes(lanes);
}

/** Whether a seat's word agrees with the median of its panel. */
export function isNear(word: Word, median: Word, tolerances: Tolerances): boolean {
  const squares = word.probes.reduce((sum, probe, index) => sum + (probe - (median.probes[index] ?? 0)) ** 2, 0);
  return (
    word.tokens === median.tokens &&
    Math.abs(word.margin - median.margin) <= tolerances.marginTolerance &&
    Math.abs(word.distance - median.distance) <= tolerances.traceTolerance &&
    squares <= tolerances.probeTolerance
  );
}

/** Whether a word, or the median of a panel, speaks against the provider. */
export function isOver({ margin, distance }: Word, { marginThreshold, traceThreshold }: Tolerances): boolean {
  return margin > marginThreshold || distance > traceThreshold;
}

function lanesOf({ tokens, mismatches, margin, distance, probes }: Word): number[] {
  return [tokens, mismatches, margin, distance, ...probes];
}

function wordOfLanes([tokens = 0, mismatches = 0, margin = 0, distance = 0, ...probes]: readonly number[]): Word {
  return { tokens, mismatches, margin, distance, probes };
}

function lane(value: number): number {
  const rounded = Math.sign(value) * Math.round(Math.abs(value));
  return Math.min(INT16_MAX, Math.max(INT16_MIN, rounded)) + 0; // Never -0.
}
