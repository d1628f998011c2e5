import type { AnswerHead, ResponsesRequest, TokenLogprob, Usage } from "@touchstone/sdk/protocol";
import { type Face, type ShownAnswer, sse } from "./face.ts";

type Status = "in_progress" | "completed" | "incomplete" | "failed";

/** `POST /v1/responses`: a `response` of one message, and the events that build it up. */
export function responsesFace({ id, created, model }: AnswerHead, asked: ResponsesRequest): Face {
  const responseId = `resp_${id}`;
  const itemId = `msg_${id}`;
  const place = { item_id: itemId, output_index: 0, content_index: 0 };
  let sequence = 0;
  const event = (type: string, fields: object) => sse({ type, ...fields, sequence_number: sequence++ }, type);
  const shell = (status: Status, output: readonly object[], rest: object = {}) => ({
    ...echoOf(asked),
    ...{ id: responseId, object: "response", created_at: created, model, status, output },
    ...{ error: null, incomplete_details: null, usage: null },
    ...rest,
  });
  const item = (status: Status, content: readonly object[]) => {
    return { id: itemId, type: "message", role: "assistant", status, content };
  };
  const finished = (answer: ShownAnswer) => {
    const { output, usage, logprobs } = answer;
    const status = answer.finishReason === "length" ? "incomplete" : "completed";
    const details = status === "incomplete" ? { incomplete_details: { reason: "max_output_tokens" } } : {};
    const part = partOf(output.text, logprobs);
    const whole = item(status, [part]);
    return { status, part, whole, response: shell(status, [whole], { usage: usageOf(usage), ...details }) } as const;
  };
  return {
    whole: (answer) => finished(answer).response,
    opening: () =>
      event("response.created", { response: shell("in_progress", []) }) +
      event("response.in_progress", { response: shell("in_progress", []) }) +
      event("response.output_item.added", { output_index: 0, item: item("in_progress", []) }) +
      event("response.content_part.added", { ...place, part: partOf("") }),
    delta: ({ text, logprobs = [] }) =>
      text === "" ? "" : event("response.output_text.delta", { ...place, delta: text, logprobs }),
    closing: (answer) => {
      const { status, part, whole, response } = finished(answer);
      return (
        event("response.output_text.done", { ...place, text: part.text, logprobs: part.logprobs }) +
        event("response.content_part.done", { ...place, part }) +
        event("response.output_item.done", { output_index: 0, item: whole }) +
        event(`response.${status}`, { response })
      );
    },
    ending: () => "",
    failure: ({ code, message }) => {
      const error = { code, message };
      return (
        event("response.failed", { response: shell("failed", [], { error }) }) +
        event("error", { ...error, param: null })
      );
    },
  };
}

function partOf(text: string, logprobs: readonly TokenLogprob[] = []) {
  return { type: "output_text", text, annotations: [], logprobs } as const;
}

function usageOf({ promptTokens, completionTokens }: Usage) {
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: completionTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: promptTokens + completionTokens,
  };
}

/** What a response repeats of its request. Nothing is stored here, whatever was asked. */
function echoOf({ instructions, max_output_tokens, temperature, top_p, metadata, text }: ResponsesRequest) {
  return {
    instructions: instructions ?? null,
    max_output_tokens: max_output_tokens ?? null,
    temperature: temperature ?? null,
    top_p: top_p ?? null,
    metadata: metadata ?? {},
    text: { format: text?.format ?? { type: "text" } },
    parallel_tool_calls: false,
    previous_response_id: null,
    store: false,
    tool_choice: "none",
    tools: [],
    truncation: "disabled",
  } as const;
}
