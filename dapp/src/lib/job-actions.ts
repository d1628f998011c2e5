import type { IndexedJob } from "@touchstone/sdk";
import {
  CaseStatus,
  DRAW_KEY,
  Draw,
  decodeWord,
  FIRST_TIER_SEATS,
  feeOf,
  hasPassed,
  isAhead,
  isNear,
  isOver,
  JobStatus,
  medianWord,
  noShowPenalty,
  SEALED,
  type Tolerances,
} from "@touchstone/sdk/protocol";
import { type Address, type Hex, isAddressEqual } from "viem";

/** What someone may do about a job. */
export type JobActionName =
  | "cancel"
  | "expire"
  | "settle"
  | "demand"
  | "challenge"
  | "appeal"
  | "openCase"
  | "endDemand";

/** Something that the market or its court would do now, with what it moves. Amounts in token units. */
export interface JobAction {
  readonly name: JobActionName;
  /** What the caller has to have free in the market for it. */
  readonly cost: bigint;
  /** What the job's client has back at once. */
  readonly refund: bigint;
  /** What the provider is paid. */
  readonly pays: bigint;
  /** Until when it is possible, where that ends by itself. Unix seconds. */
  readonly until: number | undefined;
  /** Items that it may be about; all of the job, if left out. */
  readonly taken: readonly number[];
  /** Of an appeal: the case. */
  readonly key: bigint | undefined;
}

/** A case about the job, as far as it decides what may be done. */
export interface CaseState {
  readonly key: bigint;
  readonly status: CaseStatus;
  readonly tier: number;
  /** Until when the client may appeal against an acquittal. Unix seconds. */
  readonly appealBy: number | undefined;
  /** Whether the words of its first tier acquit. */
  readonly acquits: boolean;
}

/** What the contracts say about the job beside the job itself. What is not known yet is left out: then nothing rests on it. */
export interface JobContext {
  /** Who would do it. */
  readonly account: Address | undefined;
  /** What the clock of the chain says about now: in time is what comes before a deadline by it. Unix seconds. */
  readonly now: number;
  /** Of the chain's last block: what waits for a deadline is refused before. Unix seconds. */
  readonly blockTime: number;
  readonly market:
    | { readonly feeShare: number; readonly noShowShare: number; readonly noShowFloor: bigint }
    | undefined;
  /** Nothing where the market has no court. */
  readonly court: { readonly challengeBond: bigint; readonly demandDeposit: bigint } | undefined;
  /** Of a submitted job. */
  readonly draw: Draw | undefined;
  /** Whether the court can judge the model now: a sealed job rests on it. */
  readonly isModelVerified: boolean;
  /** The client's own demand, while it is open. */
  readonly demand: { readonly answerBy: number } | undefined;
  /** Every case that there ever was about the job. */
  readonly cases: readonly CaseState[];
}

/** What decides about a job itself. */
export type JobState = Pick<
  IndexedJob,
  | "client"
  | "status"
  | "price"
  | "items"
  | "flags"
  | "verified"
  | "acceptBy"
  | "submitWithin"
  | "challengeWindow"
  | "acceptedAt"
  | "submittedAt"
>;

/**
 * All that an account may do about a job now: what the contracts would refuse is left out. Mirrors the conditions of `Jobs`,
 * `Challenges`, `Demands` and `Cases`.
 */
export function possibleActions(job: JobState, context: JobContext): JobAction[] {
  if (context.account === undefined) {
    return [];
  }
  const found = [
    cancelOf(job, context),
    expireOf(job, context),
    settleOf(job, context),
    openCaseOf(job, context),
    demandOf(job, context),
    endDemandOf(job, context),
    challengeOf(job, context),
    ...context.cases.map((one) => appealOf(job, context, one)),
  ];
  return found.filter((action) => action !== undefined);
}

type Found = JobAction | undefined;

function actionOf(name: JobActionName, rest: Partial<JobAction> = {}): JobAction {
  return { name, cost: 0n, refund: 0n, pays: 0n, until: undefined, taken: [], key: undefined, ...rest };
}

/** Overdue jobs expire instead: it comes to the same, and the record says why. */
function cancelOf(job: JobState, { account, now }: JobContext): Found {
  const isPossible = job.status === JobStatus.Open && isClient(job, account) && isAhead(job.acceptBy, now);
  return isPossible ? actionOf("cancel", { refund: job.price }) : undefined;
}

function expireOf(job: JobState, { blockTime, market }: JobContext): Found {
  if (job.status === JobStatus.Open && hasPassed(job.acceptBy, blockTime)) {
    return actionOf("expire", { refund: job.price });
  }
  const { acceptedAt = Number.POSITIVE_INFINITY, submitWithin, price } = job;
  if (job.status !== JobStatus.Accepted || market === undefined || !hasPassed(acceptedAt + submitWithin, blockTime)) {
    return undefined;
  }
  const penalty = noShowPenalty(price, market.noShowShare, market.noShowFloor);
  return actionOf("expire", { refund: price + penalty / 5n });
}

function settleOf(job: JobState, { blockTime, market, draw }: JobContext): Found {
  const isDue = job.status === JobStatus.Submitted && hasPassed(windowEnd(job), blockTime);
  if (!isDue || market === undefined || (job.verified === true && draw !== Draw.NotDrawn)) {
    return undefined;
  }
  return actionOf("settle", { pays: job.price - feeOf(job.price, market.feeShare) });
}

function openCaseOf(job: JobState, { court, draw, cases }: JobContext): Found {
  const isOpen = cases.some(({ key }) => key === DRAW_KEY);
  const isDrawn = job.status === JobStatus.Submitted || job.status === JobStatus.InCase;
  const isPossible = isDrawn && job.verified === true && court !== undefined && draw === Draw.Drawn && !isOpen;
  return isPossible ? actionOf("openCase") : undefined;
}

function demandOf(job: JobState, context: JobContext): Found {
  const { account, now, court, demand } = context;
  const end = windowEnd(job);
  const isInTime = job.status === JobStatus.InCase || isAhead(end, now);
  if (court === undefined || demand !== undefined || !isClient(job, account) || !isJudged(job, context) || !isInTime) {
    return undefined;
  }
  return actionOf("demand", { cost: court.demandDeposit, until: job.status === JobStatus.InCase ? undefined : end });
}

function endDemandOf(job: JobState, { blockTime, court, demand }: JobContext): Found {
  const isDue = demand !== undefined && (job.status === JobStatus.Rejected || hasPassed(demand.answerBy, blockTime));
  if (!isDue || court === undefined) {
    return undefined;
  }
  return actionOf("endDemand", { refund: job.status === JobStatus.Rejected ? 0n : job.price });
}

function challengeOf(job: JobState, context: JobContext): Found {
  const { account, now, court, cases } = context;
  const end = windowEnd(job);
  // a case is opened once about each item
  const taken = cases.filter(({ key }) => key !== DRAW_KEY).map(({ key }) => Number(key));
  const isLeft = taken.length < job.items;
  if (court === undefined || !isClient(job, account) || !isJudged(job, context) || !isAhead(end, now) || !isLeft) {
    return undefined;
  }
  return actionOf("challenge", { cost: bondOf(job.price, court.challengeBond), until: end, taken });
}

function appealOf(job: JobState, { account, now, court }: JobContext, one: CaseState): Found {
  const { status, tier, acquits, appealBy = 0, key } = one;
  const isAcquitted = status === CaseStatus.Revealed && tier === 1 && acquits;
  if (court === undefined || !isClient(job, account) || !isAcquitted || !isAhead(appealBy, now)) {
    return undefined;
  }
  return actionOf("appeal", { cost: bondOf(job.price, court.challengeBond), until: appealBy, key });
}

/** What a client puts down to have a result judged. Token units. Mirrors `Tiers._bondOf`. */
export function bondOf(price: bigint, challengeBond: bigint): bigint {
  return price / 10n > challengeBond ? price / 10n : challengeBond;
}

/** Whether the words of a first tier acquit: all are there, agree, and none is over a threshold. Mirrors `Tiers._acquits`. */
export function acquits(words: readonly Hex[], tolerances: Tolerances): boolean {
  if (words.length < FIRST_TIER_SEATS) {
    return false;
  }
  const read = words.map(decodeWord);
  const median = medianWord(read);
  return read.every((word) => isNear(word, median, tolerances) && !isOver(word, tolerances));
}

function isClient({ client }: JobState, account: Address | undefined): boolean {
  return account !== undefined && isAddressEqual(client, account);
}

/** When a result can no longer be doubted. Never, before there is one. */
function windowEnd({ submittedAt = Number.POSITIVE_INFINITY, challengeWindow }: JobState): number {
  return submittedAt + challengeWindow;
}

/** Whether the court takes a case or a demand about it. */
function isJudged({ status, verified, flags }: JobState, { isModelVerified }: JobContext): boolean {
  const isSealed = (flags & SEALED) !== 0;
  const isSubmitted = status === JobStatus.Submitted || status === JobStatus.InCase;
  return isSubmitted && (verified === true || (isSealed && isModelVerified));
}

/** The first item about which an action is possible. */
export function nextItem({ taken }: JobAction): number {
  let item = 0;
  while (taken.includes(item)) {
    item += 1;
  }
  return item;
}
