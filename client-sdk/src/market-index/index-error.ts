import { type ErrorContext, TouchstoneError } from "../errors.ts";

export type IndexErrorCode =
  | "INDEX_CACHE_FAILED"
  | "INDEX_EVENTS_INCONSISTENT"
  | "INDEX_QUERY_INVALID"
  | "SUBGRAPH_BEHIND"
  | "SUBGRAPH_FAILED"
  | "SUBGRAPH_INVALID"
  | "SUBGRAPH_UNREACHABLE"
  | "SUBGRAPH_WRONG_MARKET";

const NOT_RETRYABLE: readonly IndexErrorCode[] = ["INDEX_QUERY_INVALID", "SUBGRAPH_WRONG_MARKET"];

/** A market's history that could not be told, or a question about it that makes no sense. */
export class IndexError extends TouchstoneError {
  override readonly name = "IndexError";
  declare readonly code: IndexErrorCode;

  constructor(code: IndexErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { ...context, code, retryable: !NOT_RETRYABLE.includes(code) });
  }
}
