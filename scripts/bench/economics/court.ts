import { type Random, sample } from "./chance.ts";
import type { Rules, World } from "./economy.ts";

/** How a seat behaves. */
export type SeatKind =
  /** Checks, and says what it found. */
  | "honest"
  /** Never reveals. */
  | "absent"
  /** Says in every case that the result is false. */
  | "dissenting"
  /** Saves the work and makes its word up. */
  | "inventing"
  /** Checks nothing, and says what the provider hands it. */
  | "copying"
  /** Protects the providers it belongs to, as far as that costs it nothing in tier one. */
  | "colluding"
  /** Convicts the innocent where it has the majority for it. */
  | "attacking";

/** A seat, and what it earned so far. Tokens. */
export interface SeatAgent {
  readonly kind: SeatKind;
  cases: number;
  /** Words it revealed. */
  words: number;
  fees: number;
  penalties: number;
  /** Words it took the whole pass for. */
  checks: number;
}

/** What a case is about. */
export interface Evidence {
  /** What an honest seat finds. */
  readonly finding: "sound" | "fault";
  /** The provider hands an acquitting word to whoever wants one. */
  readonly isHanded?: boolean;
  /** Colluding seats belong to this provider. */
  readonly isProtected?: boolean;
  /** Attacking seats want this provider convicted. */
  readonly isTarget?: boolean;
  /** The client takes an acquittal of tier one to tier two. */
  readonly isAppealed?: boolean;
}

export type Verdict = "acquitted" | "convicted" | "undecidable" | "noQuorum";

export interface CaseResult {
  readonly verdict: Verdict;
  readonly tier: 1 | 2;
  /** Paid to seats, and taken from them. Tokens. */
  readonly fees: number;
  readonly penalties: number;
}

/** A word: what it says of the result, or one of its own kind, beyond the tolerance of every other. */
type Word = "sound" | "fault" | "odd" | "absent";

/** Judges one case by the court's rules; books fees and penalties with the seats. */
export function judge(
  random: Random,
  rules: Rules,
  world: World,
  seats: readonly SeatAgent[],
  evidence: Evidence,
): CaseResult {
  const drawn = sample(random, seats, rules.firstTier + rules.secondTier);
  const [first, second] = [drawn.slice(0, rules.firstTier), drawn.slice(rules.firstTier)];
  const firstWords = first.map((seat) => wordInTierOne(random, world, seat, first, evidence));
  const book = { fees: 0, penalties: 0 };
  if (firstWords.every((word) => word === "sound") && evidence.isAppealed !== true) {
    settleWords(rules, first, firstWords, undefined, 0, book);
    return { verdict: "acquitted", tier: 1, ...book };
  }
  const secondWords = second.map((seat) => wordInTierTwo(random, rules, world, seat, second, evidence));
  const verdict = verdictOf(rules, secondWords);
  const said = verdict === "acquitted" ? "sound" : verdict === "convicted" ? "fault" : undefined;
  settleWords(rules, first, firstWords, said, rules.contradictionPenalty, book);
  settleWords(rules, second, secondWords, said, rules.outlierPenalty, book);
  return { verdict, tier: 2, ...book };
}

/** The verdict of tier two, from its words. */
function verdictOf(rules: Rules, words: readonly Word[]): Verdict {
  const count = (wanted: Word) => words.filter((word) => word === wanted).length;
  if (words.length - count("absent") < rules.quorum) return "noQuorum";
  if (count("fault") >= rules.quorum) return "convicted";
  return count("sound") >= rules.quorum ? "acquitted" : "undecidable";
}

/** Fines those that did not reveal or were wrong, and pays the others. Where nothing was decided nobody was wrong. */
function settleWords(
  rules: Rules,
  seats: readonly SeatAgent[],
  words: readonly Word[],
  said: Word | undefined,
  penalty: number,
  book: { fees: number; penalties: number },
): void {
  seats.forEach((seat, position) => {
    const word = words[position];
    seat.cases += 1;
    if (word !== "absent") {
      seat.words += 1;
    }
    if (word === "absent" || (said !== undefined && word !== said)) {
      const fine = word === "absent" ? rules.absentPenalty : penalty;
      seat.penalties += fine;
      book.penalties += fine;
    } else {
      seat.fees += rules.seatFee;
      book.fees += rules.seatFee;
    }
  });
}

/** What every seat does that plays no game of majorities. */
function plainWord(random: Random, world: World, seat: SeatAgent, evidence: Evidence): Word {
  if (seat.kind === "absent") return "absent";
  if (seat.kind === "dissenting") return "fault";
  if (seat.kind === "inventing") return "odd";
  if (seat.kind === "copying" && evidence.isHanded === true) return "sound";
  seat.checks += 1;
  return random() < world.honestOutlier ? "odd" : evidence.finding;
}

/** Colluding seats see the panel: only where all three are theirs do they lie, for only then nobody can contradict. */
function wordInTierOne(
  random: Random,
  world: World,
  seat: SeatAgent,
  panel: readonly SeatAgent[],
  evidence: Evidence,
): Word {
  const isSafe = panel.every(({ kind }) => kind === "colluding");
  if (seat.kind === "colluding" && evidence.isProtected === true && isSafe) return "sound";
  return plainWord(random, world, seat, evidence);
}

/** With four of nine they block a verdict, with six they make it; with fewer they say the truth. */
function wordInTierTwo(
  random: Random,
  rules: Rules,
  world: World,
  seat: SeatAgent,
  panel: readonly SeatAgent[],
  evidence: Evidence,
): Word {
  const ours = panel.filter(({ kind }) => kind === seat.kind).length;
  const canBlock = ours > panel.length - rules.quorum;
  if (seat.kind === "colluding" && evidence.isProtected === true && canBlock) return "sound";
  if (seat.kind === "attacking" && evidence.isTarget === true && ours >= rules.quorum) return "fault";
  return plainWord(random, world, seat, evidence);
}

/** Seats of one panel, by kind. */
export function newSeats(counts: Readonly<Partial<Record<SeatKind, number>>>): SeatAgent[] {
  const kinds = Object.entries(counts) as [SeatKind, number][];
  return kinds.flatMap(([kind, count]) =>
    Array.from({ length: count }, () => ({ kind, cases: 0, words: 0, fees: 0, penalties: 0, checks: 0 })),
  );
}
