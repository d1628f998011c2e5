import type { JobSpec, Outcome } from "@touchstone/sdk/protocol";

// The life of a job as this node sees it, on two axes that move independently: what the chain says of it (`history`) and
// what has been done for it here (`work`). What to do next follows from both. A reorg takes the end of the history back
// and leaves the work alone, so nothing that was computed is lost.

/** Where a job stands on chain. `none`: it is not there (any more); `ordered`: an order that is not there yet. */
export type ChainStatus =
  | "none"
  | "ordered"
  | "open"
  | "accepted"
  | "takenByOther"
  | "submitted"
  /** The draw chose it, and nobody has opened its case yet. */
  | "drawn"
  | "locked"
  /** As locked, and somebody waits for its data. */
  | "demanded"
  | "settled"
  | "refunded";

/** How the node came to know a job: from the chain, or as an order of its client. */
export type Origin = "none" | "ordered";

/** One step of a job on chain. */
export interface Fact {
  readonly status: Exclude<ChainStatus, Origin>;
  /** Block of the step. */
  readonly block: number;
  /** Time of that block, unix seconds. */
  readonly at: number;
  /** Of an accept: whether the model was verified. */
  readonly verified?: boolean;
  /** Of a submit. */
  readonly root?: `0x${string}`;
  /** Of an ending. */
  readonly outcome?: Outcome;
  readonly demand?: Demand;
  /** Key of the demand that was answered. */
  readonly answered?: `0x${string}`;
}

/** Data of a job that the court wants shown on chain. */
export interface Demand {
  /** The case whose seat asks, or the job whose client does. */
  readonly key: `0x${string}`;
  readonly item: number;
  /** 0: request, output and the first chunk of the trace; n: chunk n of the trace alone. */
  readonly chunk: number;
  /** Unix seconds. */
  readonly answerBy: number;
}

/** Why work ended early. */
export interface Reason {
  readonly code: string;
  /** A sentence for the buyer and the operator. */
  readonly message: string;
}

/** What has been done for a job here. */
export type Work =
  /** Nothing. */
  | { readonly name: "new" }
  /** Every input is on disk and fits its hash. */
  | { readonly name: "fetched" }
  /** Every output is on disk. */
  | { readonly name: "executed"; readonly root: `0x${string}` }
  /** The node does not want it. */
  | { readonly name: "refused"; readonly reason: Reason }
  /** It cannot be done, or not in time. */
  | { readonly name: "failed"; readonly reason: Reason };

/** All that the node knows of a job's course. */
export interface JobState {
  readonly origin: Origin;
  /** Steps on chain, oldest first. */
  readonly history: readonly Fact[];
  readonly work: Work;
}

interface OnChain {
  readonly block: number;
  /** Time of the block, unix seconds. */
  readonly at: number;
}

/** What can happen to a job. */
export type JobEvent =
  | ({ readonly type: "posted" } & OnChain)
  | ({ readonly type: "accepted"; readonly verified: boolean } & OnChain)
  | ({ readonly type: "takenByOther" } & OnChain)
  | ({ readonly type: "submitted"; readonly root: `0x${string}` } & OnChain)
  /** The node has looked: the chain says it in no event. */
  | ({ readonly type: "drawn" } & OnChain)
  | ({ readonly type: "locked" } & OnChain)
  | ({ readonly type: "demanded"; readonly demand: Demand } & OnChain)
  | ({ readonly type: "answered"; readonly key: `0x${string}` } & OnChain)
  | ({ readonly type: "released" } & OnChain)
  | ({ readonly type: "settled"; readonly outcome: Outcome } & OnChain)
  | ({ readonly type: "refunded"; readonly outcome: Outcome } & OnChain)
  /** Blocks above `ancestor` left the chain. */
  | { readonly type: "reorged"; readonly ancestor: number }
  | { readonly type: "fetched" }
  | { readonly type: "inputLost" }
  | { readonly type: "executed"; readonly root: `0x${string}` }
  | { readonly type: "refused"; readonly reason: Reason }
  | { readonly type: "failed"; readonly reason: Reason };

/** A job of which nothing is known yet. */
export function unseen(origin: Origin): JobState {
  return { origin, history: [], work: { name: "new" } };
}

/** Where a job stands on chain. */
export function statusOf({ history, origin }: JobState): ChainStatus {
  return history.at(-1)?.status ?? origin;
}

/** The first step of this kind in a job's history: a job is accepted once and submitted once, but may be released anew. */
export function factOf({ history }: JobState, status: Fact["status"]): Fact | undefined {
  return history.find((fact) => fact.status === status);
}

/** What a job becomes by an event. Pure; an event that changes nothing gives the same object. */
export function apply(state: JobState, event: JobEvent): JobState {
  switch (event.type) {
    case "reorged":
      return rewind(state, event.ancestor);
    case "fetched":
    case "inputLost":
    case "executed":
    case "refused":
    case "failed": {
      const work = progress(state.work, event);
      return work === state.work ? state : { ...state, work };
    }
    default:
      return advance(state, event);
  }
}

/** What follows is not this node's business; only a reorg leads out. */
const FINAL: ReadonlySet<ChainStatus> = new Set(["takenByOther", "settled", "refunded"]);

/** What says nothing new: the court tells of a demand and of the lock around it in any order. */
function isPassedOver(state: JobState, event: StepEvent): boolean {
  return (
    (event.type === "locked" && statusOf(state) === "demanded") ||
    (event.type === "answered" && !demandsOf(state).some(({ key }) => key === event.key))
  );
}

const BEFORE_ACCEPT: ReadonlySet<ChainStatus> = new Set(["none", "ordered", "open"]);

type LocalEvent = Extract<JobEvent, { type: "fetched" | "inputLost" | "executed" | "refused" | "failed" }>;
type StepEvent = Exclude<JobEvent, LocalEvent | { type: "reorged" }>;

/** The chain is always right. */
function advance(state: JobState, event: StepEvent): JobState {
  if (FINAL.has(statusOf(state)) || isPassedOver(state, event)) {
    return state;
  }
  const history = [...state.history, stepOf(state, event)];
  // A job that came to be ours although we passed on it (by an earlier quote) is work like any other.
  const isRevived = event.type === "accepted" && state.work.name === "refused";
  return { ...state, history, work: isRevived ? { name: "new" } : state.work };
}

function stepOf(state: JobState, event: StepEvent): Fact {
  const { block, at } = event;
  switch (event.type) {
    case "posted":
      return { status: "open", block, at };
    case "accepted":
      return { status: "accepted", block, at, verified: event.verified };
    case "submitted":
      return { status: "submitted", block, at, root: event.root };
    case "released":
      return { status: "submitted", block, at };
    case "demanded":
      return { status: "demanded", block, at, demand: event.demand };
    case "answered": {
      const { key } = event;
      const isLast = demandsOf(state).every((demand) => demand.key === key);
      return { status: isLast ? "locked" : "demanded", block, at, answered: key };
    }
    case "takenByOther":
    case "drawn":
    case "locked":
      return { status: event.type, block, at };
    case "settled":
    case "refunded":
      return { status: event.type, block, at, outcome: event.outcome };
  }
}

function rewind(state: JobState, ancestor: number): JobState {
  const history = state.history.filter(({ block }) => block <= ancestor);
  return history.length === state.history.length ? state : { ...state, history };
}

function progress(work: Work, event: LocalEvent): Work {
  if (work.name === "failed") {
    return work;
  }
  switch (event.type) {
    case "fetched":
      return work.name === "executed" ? work : { name: "fetched" };
    case "inputLost":
      return work.name === "fetched" ? { name: "new" } : work;
    case "executed":
      return { name: "executed", root: event.root };
    case "refused":
      return work.name === "executed" ? work : { name: "refused", reason: event.reason };
    case "failed":
      return { name: "failed", reason: event.reason };
  }
}

/** One duty of the node towards a job; each is a stage. */
export type Duty = "fetch" | "accept" | "execute" | "submit" | "fulfil" | "settle" | "open" | "answer" | "decline";

/** What the next duty depends on beside the job. */
export interface Moment {
  /** Chain time, unix seconds. */
  readonly now: number;
  /** Number of the newest block. */
  readonly head: number;
  /** Blocks that a step must be deep before money or results depend on it; 1 is the newest block. */
  readonly confirmations: number;
}

type Terms = Pick<JobSpec, "acceptBy" | "submitWithin" | "challengeWindow">;

const DUTIES: Readonly<Record<ChainStatus, Readonly<Partial<Record<Work["name"], Duty>>>>> = {
  none: {},
  ordered: { new: "fetch", fetched: "execute", executed: "fulfil" },
  open: { new: "fetch", fetched: "accept", executed: "accept" },
  accepted: { new: "fetch", refused: "fetch", fetched: "execute", executed: "submit", failed: "decline" },
  submitted: { new: "settle", fetched: "settle", executed: "settle", refused: "settle", failed: "settle" },
  drawn: { new: "open", fetched: "open", executed: "open", refused: "open", failed: "open" },
  demanded: { executed: "answer" },
  takenByOther: {},
  locked: {},
  settled: {},
  refunded: {},
};

/** What the node should do for a job now; nothing: wait, or it is over. */
export function dutyOf(state: JobState, terms: Terms, moment: Moment): Duty | undefined {
  const duty = DUTIES[statusOf(state)][state.work.name];
  return duty !== undefined && isDue(duty, state, terms, moment) ? duty : undefined;
}

function isDue(duty: Duty, state: JobState, terms: Terms, moment: Moment): boolean {
  if (duty === "settle") {
    return moment.now >= windowEndOf(state, terms);
  }
  // Computing for an accept that may yet vanish would be given away; so would a result shown for it.
  const mustBeDeep = statusOf(state) === "accepted" && (duty === "execute" || duty === "submit");
  return !isOverdue(state, terms, moment.now) && (!mustBeDeep || isConfirmed(factOf(state, "accepted"), moment));
}

/** When what a job waits for is too late: an accept, a fulfilment, a submit or an answer. Unix seconds; nothing for other jobs. */
export function deadlineOf(state: JobState, terms: Terms): number | undefined {
  switch (statusOf(state)) {
    case "none":
    case "ordered":
    case "open":
      return terms.acceptBy;
    case "accepted":
      return (factOf(state, "accepted")?.at ?? 0) + terms.submitWithin;
    case "demanded":
      return demandsOf(state)[0]?.answerBy;
    default:
      return undefined;
  }
}

/** Whether a job waits for something that can no longer be done in time. */
export function isOverdue(state: JobState, terms: Terms, now: number): boolean {
  const deadline = deadlineOf(state, terms);
  return deadline !== undefined && now >= deadline;
}

/** What is demanded of a job now, the most urgent first. */
export function demandsOf({ history }: JobState): Demand[] {
  let open: Demand[] = [];
  for (const { status, demand, answered } of history) {
    if (status === "submitted") {
      open = []; // Released: nobody waits for anything.
    } else if (answered !== undefined) {
      open = open.filter(({ key }) => key !== answered);
    } else if (demand !== undefined) {
      open.push(demand);
    }
  }
  return open.sort((a, b) => a.answerBy - b.answerBy);
}

/** When a submitted job may be settled. Unix seconds. */
export function windowEndOf(state: JobState, terms: Terms): number {
  return (factOf(state, "submitted")?.at ?? 0) + terms.challengeWindow;
}

/** Whether a step of a job is as deep as it must be. */
export function isConfirmed(fact: Fact | undefined, { head, confirmations }: Moment): boolean {
  return fact !== undefined && head - fact.block + 1 >= confirmations;
}

/** Whether nothing more happens to a job on chain that concerns this node. */
export function isEnded(state: JobState): boolean {
  return FINAL.has(statusOf(state));
}

/** Whether nobody has accepted a job yet. */
export function isBeforeAccept(state: JobState): boolean {
  return BEFORE_ACCEPT.has(statusOf(state));
}

/** Whether the node gave a job up. */
export function isGivenUp({ work }: JobState): boolean {
  return work.name === "refused" || work.name === "failed";
}

/** Whether the node owes a job something that it promised: work for an order, or for a job that it accepted. */
export function isEngaged(state: JobState, terms: Terms, now: number): boolean {
  const status = statusOf(state);
  const isPromised = status === "accepted" || (status === "ordered" && !isGivenUp(state));
  return isPromised && !isOverdue(state, terms, now);
}
