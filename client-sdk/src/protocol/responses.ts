import * as z from "zod";
import { RequestError } from "../errors.ts";
import { canonicalBytes, decodeUtf8, parseJson } from "./canonical.ts";
import { parseRequest } from "./request.ts";

// OpenAI's Responses API as a face of chat completions: one call, one receipt. Text only, and nothing is remembered.

const text = z.string();

const part = z.looseObject({ type: z.enum(["input_text", "output_text", "text"]), text });

const message = z.looseObject({
  type: z.literal("message").optional(),
  role: z.enum(["user", "assistant", "system", "developer"]),
  content: z.union([text, z.array(part).min(1)]),
});

const none = z.null("is not served here: leave it out").optional();

/** Body of `POST /v1/responses`, as far as it is served. */
export const responsesRequestSchema = z.strictObject({
  model: text,
  input: z.union([text, z.array(message).min(1)], "must be a text or a list of messages of text"),
  instructions: text.nullish(),
  max_output_tokens: z.number().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_logprobs: z.number().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.unknown().optional(),
  text: z.looseObject({ format: z.looseObject({ type: text }).nullish() }).nullish(),
  include: z.array(text).nullish(),
  metadata: z.record(text, text).nullish(),
  truncation: z.literal("disabled", "must be disabled: nothing is cut silently here").nullish(),
  background: z.literal(false, "is not served here").nullish(),
  // Of no effect on what is written.
  store: z.boolean().nullish(),
  user: text.nullish(),
  safety_identifier: text.nullish(),
  prompt_cache_key: text.nullish(),
  prompt_cache_retention: text.nullish(),
  service_tier: text.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  tool_choice: z.unknown().optional(),
  // What would need a memory, or tools.
  previous_response_id: z.null("is not served here: send the whole conversation as `input`").optional(),
  conversation: none,
  prompt: none,
  reasoning: none,
  max_tool_calls: z.number().nullish(),
  tools: z.array(z.unknown()).max(0, "are not served here: leave them out").nullish(),
});

/** What a body of `POST /v1/responses` says, as far as it is served. */
export type ResponsesRequest = Readonly<z.infer<typeof responsesRequestSchema>>;

const LOGPROBS = "message.output_text.logprobs";

/**
 * Reads a body of `POST /v1/responses`.
 *
 * @throws RequestError whose `details.path` names the field to blame. Fields that are not served are refused, never passed
 *   over: `previous_response_id`, tools, images, reasoning.
 */
export function parseResponsesRequest(bytes: Uint8Array): ResponsesRequest {
  const json = decodeUtf8(bytes);
  if (json === undefined) {
    throw new RequestError("REQUEST_NOT_UTF8", "The request is not UTF-8.");
  }
  const value = parseJson(json);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RequestError("REQUEST_NOT_AN_OBJECT", "The request must be a JSON object.");
  }
  const parsed = responsesRequestSchema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  throw refusalOf(parsed.error);
}

function refusalOf({ issues: [issue] }: z.ZodError): RequestError {
  if (issue?.code === "unrecognized_keys") {
    const [field = ""] = issue.keys;
    return new RequestError("REQUEST_UNKNOWN_FIELD", "The request has a field that is not served here.", {
      path: field,
    });
  }
  const path = issue?.path.join(".") ?? "";
  return new RequestError("REQUEST_INVALID_FIELD", `${path}: ${issue?.message ?? "is not valid"}.`, { path });
}

/**
 * The chat completion that a Responses body comes to, as canonical bytes: what the receipt's request hash is over, and what a
 * court reads. The same for whoever sends, serves or checks it.
 *
 * @throws RequestError
 */
export function chatOfResponses(bytes: Uint8Array): Uint8Array {
  const asked = parseResponsesRequest(bytes);
  const { model, input, instructions, max_output_tokens, temperature, top_p, top_logprobs, include } = asked;
  const said = typeof input === "string" ? [{ role: "user", content: input }] : input.map(chatMessage);
  const wantsLogprobs = include?.includes(LOGPROBS) ?? false;
  const format = asked.text?.format;
  const chat = canonicalBytes({
    model,
    messages: [...(typeof instructions === "string" ? [{ role: "system", content: instructions }] : []), ...said],
    max_tokens: max_output_tokens ?? undefined,
    temperature: temperature ?? undefined,
    top_p: top_p ?? undefined,
    ...(wantsLogprobs && { logprobs: true, top_logprobs: top_logprobs ?? undefined }),
    ...(format && format.type !== "text" && { response_format: chatFormat(format) }),
  });
  parseRequest(chat);
  return chat;
}

function chatMessage({ role, content }: z.infer<typeof message>) {
  return {
    role: role === "developer" ? "system" : role,
    content: typeof content === "string" ? content : content.map((one) => one.text).join(""),
  };
}

/** `{type, name, schema}` there is `{type, json_schema: {name, schema}}` here. */
function chatFormat({ type, ...rest }: { readonly type: string }): object {
  return type === "json_schema" ? { type, json_schema: rest } : { type };
}
