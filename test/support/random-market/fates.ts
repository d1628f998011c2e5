import type { Word } from "../../../client-sdk/src/protocol/word.ts";
import type { Random } from "./random.ts";

/** What a seat does with its word: says it, commits to it and does not reveal it, or is not there. */
export type Speech = { readonly word: Word; readonly isSilent?: boolean } | undefined;

/** What becomes of a case: what its tiers say, and whether the client appeals. */
export interface Fate {
  readonly first: (random: Random, position: number) => Speech;
  readonly isAppealed?: boolean;
  /** None: the first tier is the last. */
  readonly second?: ((random: Random, position: number) => Speech) | undefined;
}

const HONEST: Word = {
  tokens: 512,
  mismatches: 3,
  margin: 200,
  distance: 100,
  probes: [1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12],
};

/** Honest machines differ a little. */
function honest(random: Random): Speech {
  return { word: { ...HONEST, margin: 200 + random.between(0, 40), distance: 100 + random.between(0, 20) } };
}

function guilty(random: Random): Speech {
  return { word: { ...HONEST, mismatches: 200, margin: 5_000 + random.between(0, 40), distance: 2_000 } };
}

function guess(random: Random, position: number): Speech {
  const probes = HONEST.probes.map((_, lane) => (position + 1) * 1_000 + lane + random.between(0, 9));
  return { word: { ...HONEST, probes } };
}

function absent(): Speech {
  return undefined;
}

function silent(random: Random): Speech {
  return { ...honest(random), isSilent: true } as Speech;
}

/** Honest seats, but for those at some positions. */
function but(others: Readonly<Record<number, Fate["first"]>>, most: Fate["first"]): Fate["first"] {
  return (random, position) => (others[position] ?? most)(random, position);
}

const ALL = {
  acquitted: { first: honest },
  appealed: { first: honest, isAppealed: true, second: honest },
  overturned: { first: honest, isAppealed: true, second: guilty },
  convicted: { first: guilty, second: guilty },
  contradicted: { first: but({ 2: guilty }, honest), second: but({ 7: guess }, guilty) },
  dissent: { first: but({ 0: guilty }, honest), second: but({ 5: absent, 9: guess }, honest) },
  undecidable: { first: guess, second: guess },
  noQuorum: { first: but({ 1: absent }, honest), second: but({ 4: honest, 5: honest, 6: silent }, absent) },
  silenced: { first: but({ 1: silent }, honest), second: honest },
} as const satisfies Readonly<Record<string, Fate>>;

export const FATES: Readonly<Record<keyof typeof ALL, Fate>> = ALL;
