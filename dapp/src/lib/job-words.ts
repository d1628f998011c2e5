import type { IndexedDemand } from "@touchstone/sdk";
import { type JobEventName, JobStatus, Outcome } from "@touchstone/sdk/protocol";
import type { JobAction, JobActionName } from "./job-actions.ts";

/** How good a state is, for its colour. */
export type Mood = "neutral" | "gold" | "good" | "warn" | "bad";

/** A state in a word or two. */
export interface StateWords {
  readonly label: string;
  readonly mood: Mood;
}

const STATUS: Readonly<Record<JobStatus, StateWords>> = {
  [JobStatus.None]: { label: "Unknown", mood: "neutral" },
  [JobStatus.Open]: { label: "Open", mood: "neutral" },
  [JobStatus.Accepted]: { label: "Running", mood: "gold" },
  [JobStatus.Submitted]: { label: "Answered", mood: "good" },
  [JobStatus.InCase]: { label: "In court", mood: "warn" },
  [JobStatus.Settled]: { label: "Paid", mood: "good" },
  [JobStatus.Refunded]: { label: "Refunded", mood: "neutral" },
  [JobStatus.Rejected]: { label: "Rejected", mood: "bad" },
};

const ENDED: Partial<Readonly<Record<Outcome, StateWords>>> = {
  [Outcome.Cancelled]: { label: "Cancelled", mood: "neutral" },
  [Outcome.NotAccepted]: { label: "Nobody accepted", mood: "neutral" },
  [Outcome.Declined]: { label: "Declined", mood: "warn" },
  [Outcome.NoShow]: { label: "Not delivered", mood: "bad" },
  [Outcome.Withheld]: { label: "Withheld", mood: "bad" },
  [Outcome.Undecidable]: { label: "Undecided", mood: "warn" },
};

/** A job's state: how it ended where it has ended, else where it is. */
export function stateWords({ status, outcome }: { readonly status: JobStatus; readonly outcome: Outcome }): StateWords {
  return ENDED[outcome] ?? STATUS[status];
}

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  [Outcome.None]: "It is not over yet.",
  [Outcome.Completed]: "The provider was paid; random audits stood behind the result.",
  [Outcome.Unverified]: "The provider was paid. No audits stood behind this result.",
  [Outcome.Cancelled]: "The client took it back before anyone accepted it, and has the price back.",
  [Outcome.NotAccepted]: "Nobody accepted it in time; the client has the price back.",
  [Outcome.Declined]: "The provider gave it back; the client has the price back.",
  [Outcome.NoShow]:
    "The provider delivered nothing in time: the client has the price back, and part of the provider's penalty.",
  [Outcome.Withheld]:
    "The provider showed nobody the result: the client has the price back, and a part of the stake that the provider lost.",
  [Outcome.Rejected]:
    "The court found that the result did not come from the model: the client has the price back, and a part of the stake that the provider lost.",
  [Outcome.Undecidable]: "No panel could judge it; the client has the price back.",
};

/** What an outcome means, in a sentence. */
export function outcomeSentence(outcome: Outcome): string {
  return OUTCOMES[outcome];
}

const STEPS: Readonly<Record<JobEventName, string>> = {
  JobPosted: "Posted, and its price put aside",
  JobAccepted: "Accepted by the provider",
  JobSubmitted: "Answered: the result's hash is on chain",
  JobLocked: "Payment held for the court",
  JobReleased: "The court let the payment go",
  JobSettled: "Provider paid",
  JobRefunded: "Client repaid",
};

/** What an event of a job tells, in a few words. */
export function stepWords(kind: JobEventName): string {
  return STEPS[kind];
}

/** An action as a button and a dialog name it. */
export interface ActionWords {
  readonly label: string;
  /** What it does. */
  readonly sentence: string;
  /** What it costs, or moves, as the start of a sentence that an amount ends; nothing where no amount is to be told. */
  readonly money: string | undefined;
  /** Said when it is done. */
  readonly done: string;
}

const ACTIONS: Readonly<Record<JobActionName, ActionWords>> = {
  cancel: {
    label: "Cancel the job",
    sentence: "Nobody accepted the job yet. Taking it back ends it.",
    money: "You have back",
    done: "The job is cancelled",
  },
  expire: {
    label: "End the overdue job",
    sentence: "The deadline has passed. Anyone may end the job now; its client is repaid.",
    money: "The client has",
    done: "The job is over, and its client repaid",
  },
  settle: {
    label: "Pay the provider",
    sentence:
      "The time to doubt the result is over. Anyone may have the provider paid now; providers mostly do it themselves.",
    money: "The provider is paid",
    done: "The provider is paid",
  },
  openCase: {
    label: "Open the audit",
    sentence:
      "The random draw chose this job: a panel re-checks the result before it is paid for. Anyone may open the case and is credited a small reward.",
    money: undefined,
    done: "The case is open",
  },
  demand: {
    label: "Demand an item",
    sentence:
      "For when the provider does not hand out its answers. It has to publish the item on chain in time; else you are repaid and it loses stake. What you ask for becomes public.",
    money: "The deposit goes to whoever answers; you have it back if nobody does. It is",
    done: "The item is demanded",
  },
  endDemand: {
    label: "End the unanswered demand",
    sentence:
      "The provider did not answer in time: the client is repaid, and the provider loses stake. Anyone may end it.",
    money: "The client has back",
    done: "The demand is ended",
  },
  challenge: {
    label: "Challenge the result",
    sentence:
      "Three seats drawn by chance re-run the answers from one item on, and if they doubt them, nine more decide. If the result is found false, you are repaid and rewarded, and the provider loses stake.",
    money: "You put down a bond, which is lost if the result turns out right. It is",
    done: "The case is open",
  },
  appeal: {
    label: "Appeal the verdict",
    sentence: "The first three seats found nothing wrong. Nine others judge anew, and their verdict is final.",
    money: "You put down a bond, which is lost if they agree with the first. It is",
    done: "Nine other seats will judge",
  },
};

/** An action in words for people. */
export function actionWords(name: JobActionName): ActionWords {
  return ACTIONS[name];
}

/** The amount that {@link ActionWords.money} is about. Token units. */
export function moneyOf({ cost, refund, pays }: JobAction): bigint {
  return cost + refund + pays;
}

const STAGES: Readonly<Record<string, string>> = {
  fetch: "Reading the prompts",
  execute: "Writing the answers",
  submit: "Posting the result",
  settle: "Waiting for its payment",
};

/** What a provider's node is at. */
export function stageWords(stage: string): string {
  return STAGES[stage] ?? "Working";
}

/** Where a demand for an item is: open demands say it until their time is over. Unix seconds. */
export function demandWords(demand: IndexedDemand, now: number): StateWords {
  const { answeredAt, endedAt, defaulted, answerBy } = demand;
  if (answeredAt !== undefined) {
    return { label: "Published on chain", mood: "good" };
  }
  if (endedAt !== undefined) {
    return defaulted ? { label: "Withheld", mood: "bad" } : { label: "No longer needed", mood: "neutral" };
  }
  return now < answerBy ? { label: "Waits for the provider", mood: "gold" } : { label: "Not published", mood: "bad" };
}
