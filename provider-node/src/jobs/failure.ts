import { NodeError } from "../errors.ts";
import type { JobRow } from "../store/jobs.ts";
import { type Duty, isBeforeAccept, type JobEvent } from "./machine.ts";

/** Tries of a failing engine before a job is given back. */
const MAX_EXECUTE_TRIES = 5;

/** What a stage's failure means for its job; nothing: it is tried again later. Pure. */
export function eventOfFailure(error: unknown, duty: Duty, job: JobRow): JobEvent | undefined {
  if (!(error instanceof NodeError) || error.kind === "retryable") {
    const isHopeless = duty === "execute" && job.attempts + 1 >= MAX_EXECUTE_TRIES;
    const message = `The job failed ${MAX_EXECUTE_TRIES} times on this node.`;
    return isHopeless ? { type: "failed", reason: { code: "WORK_ABANDONED", message } } : undefined;
  }
  if (duty === "answer") {
    return undefined; // The stake hangs on it: no failure ends the trying.
  }
  if (error.code === "BLOB_MISSING" || error.code === "BLOB_CORRUPT") {
    return duty === "execute" ? { type: "inputLost" } : undefined;
  }
  const reason = { code: error.code, message: error.message };
  const isPromised = job.state.origin === "ordered" || !isBeforeAccept(job.state);
  return { type: isPromised ? "failed" : "refused", reason };
}
