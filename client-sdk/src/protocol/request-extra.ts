import { errorOutput, type ItemFailure } from "./output.ts";
import type { InferenceRequest } from "./request.ts";
import { invalid, isObject, isText, type JsonObject, readBoolean, readField } from "./request-fields.ts";

// What not every engine can serve. It is read and kept as it came; an engine that cannot serve it says so.

const FORMATS = ["text", "json_object", "json_schema"] as const;
const CHOICES = ["none", "auto", "required"] as const;

/** The extra fields of a request, as they came; nothing where they ask for nothing beyond text. */
export function readExtra(fields: JsonObject): JsonObject | undefined {
  const format = readFormat(fields);
  const tools = readTools(fields);
  const choice = readField(fields, "tool_choice", isChoice, `must be one of ${CHOICES.join(", ")}, or a JSON object`);
  const isParallel = readBoolean(fields, "parallel_tool_calls");
  const bias = readField(fields, "logit_bias", isObject, "must be a JSON object");
  const effort = readField(fields, "reasoning_effort", isText, "must be a well-formed string");
  if (tools === undefined && choice !== undefined && choice !== "none" && choice !== "auto") {
    throw invalid("tool_choice", "needs tools");
  }
  const extra = {
    ...(format !== undefined && { response_format: format }),
    ...(tools !== undefined && { tools }),
    ...(tools !== undefined && choice !== undefined && { tool_choice: choice }),
    ...(tools !== undefined && isParallel !== undefined && { parallel_tool_calls: isParallel }),
    ...(bias !== undefined && Object.keys(bias).length > 0 && { logit_bias: bias }),
    ...(effort !== undefined && { reasoning_effort: effort }),
  };
  return Object.keys(extra).length === 0 ? undefined : extra;
}

/**
 * The output that a request deserves of an engine that writes text and no more: every verified one. Nothing where it can
 * serve all of the request. Deterministic, like the parser's.
 */
export function unsupportedOutput({ messages, extra = {} }: InferenceRequest): ItemFailure | undefined {
  const index = messages.findIndex((message) => message.role === "tool" || message.extra !== undefined);
  const [field] = Object.keys(extra);
  const message = Object.keys(messages[index]?.extra ?? { role: "" })[0];
  const name = index === -1 ? field : `messages[${index}].${message}`;
  return name === undefined
    ? undefined
    : errorOutput("UNSUPPORTED_PARAMETER", `This model writes text only: leave ${name} out.`);
}

function readFormat(fields: JsonObject): JsonObject | undefined {
  const isFormat = (value: unknown): value is JsonObject =>
    isObject(value) && FORMATS.some((format) => format === value.type);
  const sentence = `must be a JSON object whose type is one of ${FORMATS.join(", ")}`;
  const format = readField(fields, "response_format", isFormat, sentence);
  return format?.type === "text" ? undefined : format;
}

function readTools(fields: JsonObject): readonly JsonObject[] | undefined {
  const isTools = (value: unknown): value is readonly JsonObject[] => Array.isArray(value) && value.every(isObject);
  const tools = readField(fields, "tools", isTools, "must be a list of JSON objects");
  return tools?.length === 0 ? undefined : tools;
}

function isChoice(value: unknown): value is string | JsonObject {
  return isObject(value) || CHOICES.some((choice) => choice === value);
}
