import type { FinishReason, ItemCompletion, ToolCall } from "./output.ts";

// OpenAI's objects for what a model wrote (https://platform.openai.com/docs/api-reference/chat/object).

/** One of the tokens that could have been chosen, as OpenAI's API has it. */
export interface TopLogprob {
  /** The token's text. */
  readonly token: string;
  /** Natural logarithm of its probability. */
  readonly logprob: number;
  /** Its bytes in UTF-8; null where unknown. A token may be part of a character. */
  readonly bytes: readonly number[] | null;
}

/** A token of the output with its probability and the likeliest ones in its place. */
export interface TokenLogprob extends TopLogprob {
  readonly top_logprobs: readonly TopLogprob[];
}

/** What a call is charged by. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What all objects of one answer share. */
export interface AnswerHead {
  /** Such as `chatcmpl-…`. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  /** As the buyer asked for it. */
  readonly model: string;
}

/** OpenAI's `usage`. */
export function usageOf({ promptTokens, completionTokens }: Usage) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  } as const;
}

/** A whole answer: OpenAI's `chat.completion`. `logprobs` where they were asked for. */
export function chatCompletion({
  output,
  logprobs,
  usage = { promptTokens: output.promptTokens, completionTokens: output.tokens.length },
  ...head
}: AnswerHead & {
  readonly output: ItemCompletion;
  readonly logprobs?: readonly TokenLogprob[] | undefined;
  /** Default: the output's own counts, which are right where its tokens are listed. */
  readonly usage?: Usage | undefined;
}) {
  const { text, toolCalls, finishReason } = output;
  const message = {
    role: "assistant",
    content: toolCalls !== undefined && text === "" ? null : text,
    refusal: null,
    ...(toolCalls !== undefined && { tool_calls: toolCalls.map(wireToolCall) }),
  } as const;
  const choice = { index: 0, message, logprobs: wireLogprobs(logprobs), finish_reason: finishReason };
  return { ...headOf(head, "chat.completion"), choices: [choice], usage: usageOf(usage) } as const;
}

/** What one chunk of a stream brings. All of it may be left out. */
export interface ChatDelta {
  /** In the first chunk. */
  readonly role?: "assistant" | undefined;
  readonly text?: string | undefined;
  /** Parts of tool calls in OpenAI's own shape, passed through. */
  readonly toolCalls?: readonly unknown[] | undefined;
  readonly logprobs?: readonly TokenLogprob[] | undefined;
  /** In the last chunk with a choice. */
  readonly finishReason?: FinishReason | undefined;
}

/** Part of a streamed answer: OpenAI's `chat.completion.chunk`. */
export function chatChunk({ delta, ...head }: AnswerHead & { readonly delta: ChatDelta }) {
  const { role, text, toolCalls, logprobs, finishReason } = delta;
  const wire = {
    ...(role !== undefined && { role }),
    ...(text !== undefined && { content: text }),
    ...(toolCalls !== undefined && { tool_calls: toolCalls }),
  };
  const choice = { index: 0, delta: wire, logprobs: wireLogprobs(logprobs), finish_reason: finishReason ?? null };
  return { ...headOf(head, "chat.completion.chunk"), choices: [choice] } as const;
}

/** The chunk after the last one with a choice: what was used, where `stream_options.include_usage` asked for it. */
export function usageChunk({ usage, ...head }: AnswerHead & { readonly usage: Usage }) {
  return { ...headOf(head, "chat.completion.chunk"), choices: [], usage: usageOf(usage) } as const;
}

/** A tool call as the chunks of a stream bring it, whole. */
export function toolCallDelta(call: ToolCall, index: number) {
  return { index, ...wireToolCall(call) } as const;
}

function headOf<Kind extends string>({ id, created, model }: AnswerHead, object: Kind) {
  return { id, object, created, model } as const;
}

function wireToolCall({ id, name, arguments: text }: ToolCall) {
  return { id, type: "function", function: { name, arguments: text } } as const;
}

function wireLogprobs(logprobs: readonly TokenLogprob[] | undefined) {
  return logprobs === undefined ? null : ({ content: logprobs, refusal: null } as const);
}
