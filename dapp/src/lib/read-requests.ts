import { type InferenceRequest, parseRequest, TouchstoneError } from "@touchstone/sdk/protocol";
import { type CsvTable, readCsv } from "./read-csv.ts";

/** How a list of requests is written down. */
export type RequestFormat = "text" | "jsonl" | "csv";

/** A line that is no request: where it is, and how to mend it. */
export interface LineFault {
  /** From one. */
  readonly line: number;
  readonly message: string;
}

export interface ReadRequests {
  /** Of the lines that can be read, in order. */
  readonly requests: readonly InferenceRequest[];
  readonly faults: readonly LineFault[];
  /** Of a CSV: what its first line names. */
  readonly columns: readonly string[];
  /** Of a CSV: the column that was read. */
  readonly column: string | undefined;
}

export interface ReadRequestsParameters {
  readonly text: string;
  readonly format: RequestFormat;
  /** For requests that say nothing about it themselves. */
  readonly maxTokens: number;
  /** Of a CSV: the column with the prompts. Default: the one whose name says so, else the first. */
  readonly column?: string | undefined;
}

type Line = { readonly line: number; readonly request: InferenceRequest } | LineFault;

/**
 * Reads the requests of a job as people have them: a prompt a line, JSON Lines (chat requests as OpenAI has them, `{"prompt"}`,
 * plain strings, or lines of OpenAI's batch files), or a column of a CSV. Empty lines are passed over; every bad one is told.
 */
export function readRequests({ text, format, maxTokens, column }: ReadRequestsParameters): ReadRequests {
  if (format === "csv") {
    const table = readCsv(text, column);
    return { ...sorted(csvLines(table, maxTokens)), columns: table.columns, column: table.column };
  }
  const read = format === "text" ? promptRequest : jsonRequest;
  const lines = text.split(/\r?\n/).map((content, index) => ({ content, line: index + 1 }));
  const filled = lines.filter(({ content }) => content.trim() !== "");
  return { ...sorted(filled.map(({ content, line }) => lineOf(line, () => read(content, maxTokens)))), ...NO_COLUMNS };
}

const NO_COLUMNS = { columns: [], column: undefined } as const;

/** Which way a text is written, by the name of its file, else by how it begins. */
export function formatOf(text: string, fileName = ""): RequestFormat {
  const extension = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase();
  if (extension === "jsonl" || extension === "ndjson") {
    return "jsonl";
  }
  if (extension === "csv" || extension === "tsv") {
    return "csv";
  }
  return text.trimStart().startsWith("{") ? "jsonl" : "text";
}

/** What a request asks, for people: its last message of the user. */
export function promptOf({ messages }: InferenceRequest): string {
  return (messages.findLast(({ role }) => role === "user") ?? messages.at(-1))?.content ?? "";
}

function csvLines({ rows, faults }: CsvTable, maxTokens: number): Line[] {
  return [...faults, ...rows.map(({ line, value }) => lineOf(line, () => promptRequest(value, maxTokens)))];
}

function sorted(lines: readonly Line[]): Pick<ReadRequests, "requests" | "faults"> {
  const faults = lines.filter((line): line is LineFault => "message" in line);
  return { requests: lines.flatMap((line) => ("request" in line ? [line.request] : [])), faults };
}

function lineOf(line: number, read: () => InferenceRequest): Line {
  try {
    return { line, request: read() };
  } catch (error) {
    if (error instanceof TouchstoneError || error instanceof SyntaxError) {
      return { line, message: error instanceof SyntaxError ? NOT_JSON : error.message };
    }
    throw error;
  }
}

const NOT_JSON =
  'This is no JSON. Write one object a line, such as {"prompt": "Tell a story"}, with double quotes and without a comma at the end.';
const NOT_REQUEST =
  'This is neither a text nor an object with "prompt" or "messages". Write {"prompt": "Tell a story"} for example.';
const EMPTY_PROMPT = "The prompt is empty. Write what the model should answer, or take the line out.";

function promptRequest(prompt: string, maxTokens: number): InferenceRequest {
  return checked({ messages: [{ role: "user", content: prompt.trim() }] }, maxTokens);
}

/** Of one line of JSON Lines. */
function jsonRequest(text: string, maxTokens: number): InferenceRequest {
  const value: unknown = JSON.parse(text);
  const line = isObject(value) && isObject(value.body) ? value.body : value; // a line of a batch file wraps it
  if (typeof line === "string") {
    return filledPrompt(line, {}, maxTokens);
  }
  if (isObject(line) && typeof line.prompt === "string" && line.messages === undefined) {
    const { prompt, ...rest } = line;
    return filledPrompt(line.prompt, rest, maxTokens);
  }
  if (isObject(line) && line.messages !== undefined) {
    return checked(line, maxTokens);
  }
  throw lineError(NOT_REQUEST);
}

function filledPrompt(prompt: string, rest: JsonObject, maxTokens: number): InferenceRequest {
  if (prompt.trim() === "") {
    throw lineError(EMPTY_PROMPT);
  }
  return checked({ ...rest, messages: [{ role: "user", content: prompt }] }, maxTokens);
}

type JsonObject = Readonly<Record<string, unknown>>;

function lineError(message: string): TouchstoneError {
  return new TouchstoneError(message, { code: "REQUEST_LINE_INVALID" });
}

/** As the model will get it: the protocol's own reader says what is wrong with it. */
function checked(request: JsonObject, maxTokens: number): InferenceRequest {
  const limit = request.max_tokens ?? request.max_completion_tokens ?? maxTokens;
  return parseRequest(new TextEncoder().encode(JSON.stringify({ ...request, max_tokens: limit })));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
