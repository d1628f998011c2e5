import { type Case, CaseStatus, caseTimes, hasPosition, positionsOf, type Verdict } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

// A case as a seat sees it. What the chain told of it (`history`) says who sits and by which seeds; what was done for it
// here (`work`) is kept apart, as a job's is. The phase is not kept at all: it is read from the court, block by block, for
// it also changes with time.

/** Something that happened to a case. */
export type CaseFact =
  | { readonly name: "opened"; readonly block: number }
  | {
      readonly name: "seated";
      readonly block: number;
      readonly tier: number;
      readonly seed: Hex;
      readonly startItem: number;
      /** Numbers of the seats by position of the tier, zero where nobody sits. */
      readonly seats: readonly number[];
    }
  | { readonly name: "closed"; readonly block: number; readonly verdict: Verdict };

type Seated = Extract<CaseFact, { name: "seated" }>;

/** An item of a case as it lies on this disk: keccak256 of its bytes, by which they are found. */
export interface Exhibit {
  readonly index: number;
  readonly request: Hex;
  readonly output: Hex;
  readonly trace: Hex;
  /** As committed to in the result leaf. */
  readonly traceRoot: Hex;
}

/** What a seat found, and what it commits to. Stored before anything of it is sent. */
export interface Opinion {
  /** 32 bytes. */
  readonly word: Hex;
  /** 32 secret bytes until the reveal. */
  readonly salt: Hex;
}

/** What has been done for a case here. */
export type SeatWork =
  /** Nothing. */
  | { readonly name: "new" }
  /** The provider does not give this out; it must be demanded on chain. */
  | { readonly name: "lacking"; readonly item: number; readonly chunk: number }
  /** All bytes are on disk. */
  | { readonly name: "fetched"; readonly exhibits: readonly Exhibit[] }
  | ({ readonly name: "checked" } & Opinion)
  /** The seat abstains. */
  | { readonly name: "failed"; readonly code: string; readonly message: string };

/** All that the node keeps of a case's course. */
export interface CaseState {
  /** Oldest first. */
  readonly history: readonly CaseFact[];
  readonly work: SeatWork;
  /** For which panel the work is: its seed and its seats. Empty before the first. */
  readonly basis: string;
}

/** What can happen to a case. */
export type CaseEvent =
  | CaseFact
  /** Blocks above `ancestor` left the chain. */
  | { readonly name: "reorged"; readonly ancestor: number }
  | Exclude<SeatWork, { name: "new" }>
  /** Something was shown on chain. */
  | { readonly name: "answered" }
  /** What was on disk is not there any more. */
  | { readonly name: "lost" };

/** A case of which nothing is known yet. */
export const UNSEEN: CaseState = { history: [], work: { name: "new" }, basis: "" };

/** What a case becomes by an event. Pure; an event that changes nothing gives the same object. */
export function apply(state: CaseState, event: CaseEvent): CaseState {
  switch (event.name) {
    case "opened":
    case "seated":
    case "closed":
      return advance(state, event);
    case "reorged": {
      const history = state.history.filter(({ block }) => block <= event.ancestor);
      return history.length === state.history.length ? state : { ...state, history };
    }
    default: {
      const work = progress(state.work, event);
      return work === state.work ? state : { ...state, work };
    }
  }
}

/**
 * Work is done for one panel: with other probes or at another position it is of no use. A panel that a reorg took away and
 * that came back the same finds its work, for the word may be committed to.
 */
function advance(state: CaseState, event: CaseFact): CaseState {
  const history = [...state.history, event];
  const basis = event.name === "seated" ? basisOf(event) : state.basis;
  return basis === state.basis ? { ...state, history } : { history, work: { name: "new" }, basis };
}

function basisOf({ tier, seed, startItem, seats }: Seated): string {
  return JSON.stringify([tier, seed, startItem, seats]);
}

function progress(work: SeatWork, event: Exclude<CaseEvent, CaseFact | { name: "reorged" }>): SeatWork {
  if (work.name === "checked" || work.name === "failed") {
    return work; // A word is never changed once it may be known: two of them would give the salt's secret away.
  }
  switch (event.name) {
    case "answered":
      return work.name === "lacking" ? { name: "new" } : work;
    case "lost":
      return work.name === "fetched" ? { name: "new" } : work;
    default:
      return event;
  }
}

/** The panel that judges now. */
export function panelOf({ history }: CaseState): Seated | undefined {
  return history.findLast((fact) => fact.name === "seated");
}

/** The seed of a case's first panel, by which the probes of all its words are chosen. */
export function wordSeedOf({ history }: CaseState): Hex | undefined {
  return history.findLast((fact): fact is Seated => fact.name === "seated" && fact.tier === 1)?.seed;
}

/** Where a seat sits on the panel that judges now. */
export function positionOf(state: CaseState, seat: number): number | undefined {
  const panel = panelOf(state);
  const index = panel === undefined || seat === 0 ? -1 : panel.seats.indexOf(seat);
  return panel === undefined || index < 0 ? undefined : positionsOf(panel.tier)[index];
}

/** What the court says of a case now. */
export type CaseOnChain = Pick<Case, "status" | "tier" | "committed" | "revealed" | "since" | "anchor">;

/**
 * Where a case is. `none`: it is not there (any more); `pinned`: its panel is not drawn; `commit`, `reveal`: seats act;
 * `waiting`: for data that a seat demanded; `over`: the tier can be ended; `closed`.
 */
export type Phase = "none" | "pinned" | "commit" | "waiting" | "reveal" | "over" | "closed";

const PHASES: Readonly<Record<CaseStatus, Phase>> = {
  [CaseStatus.None]: "none",
  [CaseStatus.Pinned]: "pinned",
  [CaseStatus.Commit]: "over",
  [CaseStatus.Waiting]: "waiting",
  [CaseStatus.Reveal]: "over",
  [CaseStatus.Revealed]: "over",
  [CaseStatus.Closed]: "closed",
};

/** The phase of a case at a time, unix seconds, and when it ends if time ends it. */
export function phaseOf(
  onChain: CaseOnChain,
  windows: Parameters<typeof caseTimes>[1],
  now: number,
): { readonly phase: Phase; readonly until: number } {
  const { commitBy = 0, revealBy = 0 } = caseTimes(onChain, windows);
  if (now < commitBy) {
    return { phase: "commit", until: commitBy };
  }
  return now < revealBy
    ? { phase: "reveal", until: revealBy }
    : { phase: PHASES[onChain.status], until: Number.POSITIVE_INFINITY };
}

/** One duty of a seat towards a case it sits on. */
export type SeatDuty = "fetch" | "demand" | "check" | "commit" | "reveal";

/** What anyone may do for a case. */
export type Chore = "seat" | "default" | "close";

/** What the next duty depends on beside what is kept of the case. */
export interface CaseMoment {
  readonly phase: Phase;
  /** The seat's position on the panel that judges now; nothing if it does not sit there. */
  readonly position: number | undefined;
  readonly committed: number;
  readonly revealed: number;
  /** Whether somebody waits for data of this job. */
  readonly isDemandOpen: boolean;
  /** Whether this phase began in a block that is as deep as it must be. */
  readonly isDeep: boolean;
}

const DUTIES: Readonly<Partial<Record<Phase, Readonly<Partial<Record<SeatWork["name"], SeatDuty>>>>>> = {
  commit: { new: "fetch", lacking: "demand", fetched: "check", checked: "commit" },
  // The clock of the commits stands still, but nobody has to.
  waiting: { new: "fetch", fetched: "check" },
  reveal: { checked: "reveal" },
};

/** What a seat should do for a case now; nothing: wait, or it is over. */
export function dutyOf(work: SeatWork["name"], moment: CaseMoment): SeatDuty | undefined {
  const { phase, position, committed, revealed, isDemandOpen, isDeep } = moment;
  const duty = DUTIES[phase]?.[work];
  if (duty === undefined || position === undefined) {
    return undefined;
  }
  const hasCommitted = hasPosition(committed, position);
  if (duty !== "reveal") {
    return hasCommitted || (duty === "demand" && isDemandOpen) ? undefined : duty;
  }
  // A word shown in a block that then leaves the chain could be held against the seat as told too early.
  return hasCommitted && !hasPosition(revealed, position) && isDeep ? duty : undefined;
}

/** What else the court could be asked to check before a chore: facts that make it due. */
export interface ChoreMoment {
  readonly phase: Phase;
  /** Number of the newest block. */
  readonly head: number;
  /** Chain time, unix seconds. */
  readonly now: number;
  /** The block whose hash draws the panel. */
  readonly anchor: number;
  /** The open demand's deadline, unix seconds; zero if nobody demands. */
  readonly answerBy: number;
  /** Whether the client was repaid by another case of the job. */
  readonly isMoot: boolean;
}

/** What a case needs from anyone; nothing: its seats or its provider have to act, or it is over. */
export function choreOf({ phase, head, now, anchor, answerBy, isMoot }: ChoreMoment): Chore | undefined {
  switch (phase) {
    case "none":
    case "closed":
      return undefined;
    case "over":
      return "close";
    case "pinned":
      return isMoot ? "close" : head > anchor ? "seat" : undefined;
    case "waiting":
      return isMoot ? "close" : answerBy > 0 && now >= answerBy ? "default" : undefined;
    case "commit":
    case "reveal":
      return isMoot ? "close" : undefined;
  }
}
