import { invalid, isObject, isText, type JsonObject, readObject } from "./request-fields.ts";

/** One message of a chat. */
export interface ChatMessage {
  /** `developer` is read as `system`. */
  readonly role: "system" | "user" | "assistant" | "tool";
  /** On the wire a text, or a list of text parts, which are put together. */
  readonly content: string;
  /** `name`, `tool_calls` and `tool_call_id` as they came: see `unsupportedOutput`. */
  readonly extra?: JsonObject;
}

const ROLES = ["system", "developer", "user", "assistant", "tool"] as const;
const FIELDS = ["role", "content", "name", "tool_calls", "tool_call_id", "refusal"] as const;
const PART_FIELDS = ["type", "text"] as const;

/** The messages of a request, at least one. Throws a `RequestError`, as all readers of requests do. */
export function readMessages(value: unknown): readonly ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid("messages", "must be a list of at least one message");
  }
  return value.map((entry: unknown, index) => readMessage(entry, `messages[${index}]`));
}

/** A message as it is encoded. */
export function wireMessage({ role, content, extra }: ChatMessage): JsonObject {
  return { role, content, ...extra };
}

function readMessage(value: unknown, path: string): ChatMessage {
  const { role, content, name, tool_calls, tool_call_id, refusal } = readObject(value, FIELDS, path, path);
  const known = ROLES.find((candidate) => candidate === role);
  if (known === undefined) {
    throw invalid(`${path}.role`, `must be one of ${ROLES.join(", ")}`);
  }
  const isCall = known === "assistant" && Array.isArray(tool_calls) && tool_calls.length > 0;
  const text = readContent(content, `${path}.content`, isCall);
  if ((name ?? undefined) !== undefined && !isText(name)) {
    throw invalid(`${path}.name`, "must be a well-formed string");
  }
  if ((tool_calls ?? undefined) !== undefined && !(isCall && tool_calls.every(isObject))) {
    throw invalid(`${path}.tool_calls`, "must be a list of at least one JSON object, of role assistant");
  }
  if (known === "tool" ? !isText(tool_call_id) : (tool_call_id ?? undefined) !== undefined) {
    throw invalid(`${path}.tool_call_id`, "must be a well-formed string with role tool, and left out else");
  }
  if ((refusal ?? undefined) !== undefined) {
    throw invalid(`${path}.refusal`, "must be null, or left out");
  }
  const extra = withoutNothing({ name, tool_calls, tool_call_id });
  const own = { role: known === "developer" ? "system" : known, content: text } as const;
  return Object.keys(extra).length === 0 ? own : { ...own, extra };
}

function readContent(value: unknown, path: string, mayBeNothing: boolean): string {
  if (mayBeNothing && (value ?? undefined) === undefined) {
    return "";
  }
  if (Array.isArray(value) && value.length > 0) {
    return value.map((part: unknown, index) => readPart(part, `${path}[${index}]`)).join("");
  }
  if (!isText(value)) {
    throw invalid(path, "must be a well-formed string, or a list of text parts");
  }
  return value;
}

function readPart(value: unknown, path: string): string {
  const { type, text } = readObject(value, PART_FIELDS, path, path);
  if (type !== "text" || !isText(text)) {
    throw invalid(path, "must be a part of type text, with a well-formed string as its text");
  }
  return text;
}

function withoutNothing(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? undefined) !== undefined));
}
