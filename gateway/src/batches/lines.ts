import { canonicalBytes, parseJson, parseRequest, RequestError, TouchstoneError } from "@touchstone/sdk/protocol";
import type { BatchFault } from "./state.ts";

/** The one route that batches can have. */
export const BATCH_ENDPOINT = "/v1/chat/completions";

/** A line of a batch's input file that can be bought. */
export interface BatchLine {
  /** From 1. */
  readonly line: number;
  readonly customId: string;
  /** As the line names it. */
  readonly model: string;
  /** The bytes that the provider answers: canonical JSON of the line's body. */
  readonly bytes: Uint8Array;
}

/** A line that cannot be. */
export interface BadLine {
  readonly line: number;
  /** Where the line tells it. */
  readonly customId: string | null;
  readonly fault: BatchFault;
}

/** The lines of an input file. */
export interface ReadLines {
  readonly good: readonly BatchLine[];
  readonly bad: readonly BadLine[];
}

const MAX_ID_LENGTH = 512;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads the JSONL of a batch, line by line: `{"custom_id", "method": "POST", "url", "body"}`. Empty lines are skipped. The same
 * bytes give the same lines, so that a batch that goes on after a restart reads them again.
 */
export function readLines(text: string): ReadLines {
  const good: BatchLine[] = [];
  const bad: BadLine[] = [];
  const ids = new Set<string>();
  for (const [index, content] of text.split("\n").entries()) {
    if (content.trim() === "") {
      continue;
    }
    const line = index + 1;
    const value = objectOf(parseJson(content));
    try {
      good.push(readLine(line, value, ids));
    } catch (error) {
      if (!(error instanceof LineError)) {
        throw error;
      }
      const { code, message, param } = error;
      const customId = typeof value?.custom_id === "string" ? value.custom_id : null;
      bad.push({ line, customId, fault: { code, message, param, line } });
    }
  }
  return { good, bad };
}

class LineError extends TouchstoneError {
  readonly param: string | null;

  constructor(code: string, message: string, param: string | null = null) {
    super(message, { code });
    this.param = param;
  }
}

function readLine(line: number, value: JsonObject | undefined, ids: Set<string>): BatchLine {
  if (value === undefined) {
    throw new LineError("invalid_json_line", "This line is not a JSON object.");
  }
  const customId = idOf(value, ids);
  if (value.method !== "POST") {
    throw new LineError("invalid_method", "The method must be POST.", "method");
  }
  if (value.url !== BATCH_ENDPOINT) {
    throw new LineError("invalid_url", `The url must be the endpoint of the batch, ${BATCH_ENDPOINT}.`, "url");
  }
  const body = objectOf(value.body);
  if (body === undefined) {
    throw new LineError("missing_required_parameter", "The body must be a JSON object.", "body");
  }
  const { model } = body;
  if (typeof model !== "string" || model === "") {
    throw new LineError("missing_required_parameter", "The body must name a model.", "body.model");
  }
  if (body.stream === true) {
    throw new LineError("invalid_value", "A batch cannot stream: leave `stream` out.", "body.stream");
  }
  return { line, customId, model, bytes: bytesOf(body) };
}

function idOf({ custom_id: id }: JsonObject, ids: Set<string>): string {
  if (typeof id !== "string" || id === "" || id.length > MAX_ID_LENGTH) {
    const sentence = `Each line needs a custom_id of 1 to ${MAX_ID_LENGTH} characters.`;
    throw new LineError("missing_required_parameter", sentence, "custom_id");
  }
  if (ids.has(id)) {
    throw new LineError("duplicate_custom_id", "An earlier line has this custom_id already.", "custom_id");
  }
  ids.add(id);
  return id;
}

/** A request that no provider could serve is refused here, and not paid for. */
function bytesOf(body: JsonObject): Uint8Array {
  try {
    const bytes = canonicalBytes(body);
    parseRequest(bytes);
    return bytes;
  } catch (error) {
    if (error instanceof RequestError) {
      const { path } = error.details;
      const param = typeof path === "string" && path !== "" ? `body.${path}` : "body";
      throw new LineError("invalid_request", error.message, param);
    }
    if (error instanceof TouchstoneError) {
      throw new LineError("invalid_request", error.message, "body");
    }
    throw error;
  }
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
