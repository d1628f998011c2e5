import type { JobSpec } from "@touchstone/sdk/protocol";
import { dutyOf, isGivenUp, isOverdue, type JobState, type Moment, statusOf } from "./machine.ts";

type Terms = Pick<JobSpec, "acceptBy" | "submitWithin" | "challengeWindow">;

/** Where a job is, in a word for people: its duty, what it waits for, or how it ended. */
export function stageOf(state: JobState, terms: Terms, moment: Moment): string {
  const duty = dutyOf(state, terms, moment);
  if (duty !== undefined) {
    return duty;
  }
  const status = statusOf(state);
  switch (status) {
    case "none":
    case "ordered":
    case "open":
      return isOverdue(state, terms, moment.now) ? "expired" : isGivenUp(state) ? "refused" : "unlisted";
    case "accepted":
      return isOverdue(state, terms, moment.now) ? "expired" : "confirm";
    case "submitted":
      return "window";
    case "demanded":
      return isOverdue(state, terms, moment.now) ? "expired" : status;
    default:
      return status;
  }
}
