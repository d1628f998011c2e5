import { NodeError } from "../errors.ts";
import type { CaseEvent } from "./machine.ts";

/** What a stage's failure means for its case; nothing: it is tried again later. Pure. */
export function eventOfFailure(error: unknown): CaseEvent | undefined {
  if (!(error instanceof NodeError)) {
    return undefined;
  }
  switch (error.code) {
    case "BLOB_MISSING":
    case "BLOB_CORRUPT":
      return { name: "lost" };
    case "OWN_JOB":
    case "WORD_LOST":
      return { name: "failed", code: error.code, message: error.message };
    default:
      return undefined;
  }
}
