import { setImmediate as nextTurn } from "node:timers/promises";
import { type InferenceRequest, jsonDepth, MAX_JSON_DEPTH, parseJson, parseRequest } from "@touchstone/sdk/protocol";
import { type ApiError, apiErrorOf, badRequest } from "../errors.ts";
import type { Offer, Offers } from "../offers.ts";
import { measure } from "../sale.ts";
import { type Wishes, wishesOf } from "../wishes.ts";

/** The one route that batches can have. */
export const BATCH_ENDPOINT = "/v1/chat/completions";

/** A line of a batch's input file that can be answered. */
export interface BatchLine extends Wishes {
  /** From 1. */
  readonly line: number;
  readonly customId: string;
  readonly request: InferenceRequest;
  readonly promptTokens: number;
  readonly maxTokens: number;
}

/** A line that cannot be. */
export interface BadLine {
  readonly line: number;
  /** Where the line tells it. */
  readonly customId: string | null;
  readonly fault: ApiError;
}

/** A batch's input file, read and measured. */
export interface BatchPlan {
  /** Of all good lines; nothing where there is none. */
  readonly offer: Offer | undefined;
  readonly good: readonly BatchLine[];
  readonly bad: readonly BadLine[];
}

const MAX_ID_LENGTH = 512;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads and measures the JSONL of a batch: `{"custom_id", "method": "POST", "url", "body"}` a line, empty ones skipped. All
 * lines ask one model: that of the first line that can be answered.
 */
export async function planBatch(text: string, offers: Offers): Promise<BatchPlan> {
  const good: BatchLine[] = [];
  const bad: BadLine[] = [];
  const ids = new Set<string>();
  for (const [index, content] of text.split("\n").entries()) {
    if (content.trim() === "") {
      continue;
    }
    await nextTurn(); // Calls go on meanwhile.
    const line = index + 1;
    const value = jsonDepth(Buffer.from(content)) > MAX_JSON_DEPTH ? undefined : objectOf(parseJson(content));
    try {
      good.push(await readLine({ line, value, ids, offers, offer: good[0]?.offer }));
    } catch (error) {
      const customId = typeof value?.custom_id === "string" ? value.custom_id.slice(0, MAX_ID_LENGTH) : null;
      bad.push({ line, customId, fault: apiErrorOf(error) });
    }
  }
  return { offer: good[0]?.offer, good, bad };
}

interface RawLine {
  readonly line: number;
  readonly value: JsonObject | undefined;
  /** Those of the lines before. */
  readonly ids: Set<string>;
  readonly offers: Offers;
  /** What the lines before are for. */
  readonly offer: Offer | undefined;
}

async function readLine({ line, value, ids, offers, offer }: RawLine): Promise<BatchLine> {
  if (value === undefined) {
    throw badRequest("LINE_NOT_JSON", `This line is not a JSON object of at most ${MAX_JSON_DEPTH} levels.`);
  }
  const customId = idOf(value, ids);
  if (value.method !== "POST") {
    throw badRequest("LINE_INVALID_FIELD", "The method must be POST.", "method");
  }
  if (value.url !== BATCH_ENDPOINT) {
    throw badRequest("LINE_INVALID_FIELD", `The url must be that of the batch, ${BATCH_ENDPOINT}.`, "url");
  }
  const body = objectOf(value.body);
  if (body === undefined) {
    throw badRequest("LINE_INVALID_FIELD", "The body must be a JSON object.", "body");
  }
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const request = parseRequest(bytes);
  const wishes = wishesOf(request, offers);
  if (wishes.wantsStream) {
    throw badRequest("UNSUPPORTED_PARAMETER", "A batch cannot stream: leave `stream` out.", "stream");
  }
  if (offer !== undefined && offer !== wishes.offer) {
    throw badRequest("BATCH_OTHER_MODEL", "All lines of a batch ask one model. Make a batch for each.", "model");
  }
  return { ...wishes, line, customId, request, ...(await measure(wishes.offer.engine, request, bytes)) };
}

function idOf({ custom_id: id }: JsonObject, ids: Set<string>): string {
  if (typeof id !== "string" || id === "" || id.length > MAX_ID_LENGTH) {
    const sentence = `Each line needs a custom_id of 1 to ${MAX_ID_LENGTH} characters.`;
    throw badRequest("LINE_INVALID_FIELD", sentence, "custom_id");
  }
  if (ids.has(id)) {
    throw badRequest("LINE_INVALID_FIELD", "An earlier line has this custom_id already.", "custom_id");
  }
  ids.add(id);
  return id;
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
