import * as z from "zod";
import { parseJson } from "./canonical.ts";
import type { TokenLogprob, Usage } from "./completion.ts";
import { FINISH_REASONS, type FinishReason, type ItemCompletion, type ToolCall } from "./output.ts";
import { parseAs } from "./parse-as.ts";
import { decodeEnvelope, decodeEnvelopeHeader, RECEIPT_EVENT, type ReceiptEnvelope } from "./receipt-envelope.ts";

/** What a buyer was told by one answer, whole or streamed. */
export interface ReceivedChat {
  /** All text, in order. */
  readonly text: string;
  /** In order of their index; empty where there are none. */
  readonly toolCalls: readonly ToolCall[];
  readonly logprobs: readonly TokenLogprob[];
  /** Nothing while the answer goes on. */
  readonly finishReason: FinishReason | undefined;
  /** Where the answer told it. */
  readonly usage: Usage | undefined;
  /** Ids of the tokens of the text, where they were asked for. */
  readonly tokens: readonly number[] | undefined;
  readonly receipt: ReceiptEnvelope | undefined;
  /** What the server gave up with, after the answer had begun. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** Whether the stream came to its end, `[DONE]`. */
  readonly isDone: boolean;
}

/** What of an answer goes into its output. */
export type ReceivedAnswer = {
  readonly [Field in "text" | "toolCalls" | "finishReason" | "tokens"]?: ReceivedChat[Field] | undefined;
};

/** One server-sent event. */
export interface StreamEvent {
  /** Its `event` field, where it has one. */
  readonly event?: string | undefined;
  readonly data: string;
}

const DONE = "[DONE]";
const COMMENT = /^ ?touchstone-receipt ([A-Za-z0-9_-]+)$/;

/** Calls of tools in one answer: an index beyond would make a list of that length. */
const MAX_CALLS = 255;

const functionSchema = z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() });
const callSchema = z.looseObject({
  index: z.int().nonnegative().max(MAX_CALLS).optional(),
  id: z.string().nullish(),
  function: functionSchema.nullish(),
});
const messageSchema = z.looseObject({ content: z.string().nullish(), tool_calls: z.array(callSchema).nullish() });
const logprobSchema = z.looseObject({ token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() });
const choiceSchema = z.looseObject({
  index: z.literal(0),
  message: messageSchema.optional(),
  delta: messageSchema.optional(),
  logprobs: z.looseObject({ content: z.array(logprobSchema).nullish() }).nullish(),
  finish_reason: z.enum(FINISH_REASONS).nullish(),
});
const usageSchema = z.looseObject({
  prompt_tokens: z.int().nonnegative(),
  completion_tokens: z.int().nonnegative(),
});

/** An answer or a chunk of one, as far as it is read. One choice: nobody here sells more. */
const chatSchema = z.looseObject({
  choices: z.array(choiceSchema).max(1),
  usage: usageSchema.nullish(),
  touchstone: z.looseObject({ tokens: z.array(z.int().nonnegative()).optional() }).optional(),
});
const failureSchema = z.looseObject({
  error: z.looseObject({ code: z.union([z.string(), z.number()]).nullish(), message: z.string() }),
});

/** Puts an answer together again from what came over the wire, so that its receipt can be checked. */
export class ChatAssembler {
  #text = "";
  readonly #calls: { id: string; name: string; arguments: string }[] = [];
  readonly #logprobs: TokenLogprob[] = [];
  #finishReason: FinishReason | undefined;
  #usage: Usage | undefined;
  #tokens: readonly number[] | undefined;
  #receipt: ReceiptEnvelope | undefined;
  #error: { readonly code: string; readonly message: string } | undefined;
  #isDone = false;

  /**
   * Takes a `chat.completion` or a `chat.completion.chunk`, parsed from JSON.
   *
   * @returns The text that it brought.
   * @throws InvalidDataError for anything else.
   */
  take(body: unknown): string {
    const failure = failureSchema.safeParse(body);
    if (failure.success) {
      const { code, message } = failure.data.error;
      this.#error = { code: String(code ?? "unknown"), message };
      return "";
    }
    const { choices, usage, touchstone } = parseAs(chatSchema, body, "chat completion");
    if (usage) {
      this.#usage = { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
    }
    this.#tokens = touchstone?.tokens ?? this.#tokens;
    const [choice] = choices;
    return choice === undefined ? "" : this.#takeChoice(choice);
  }

  /** Takes one server-sent event: a chunk, the receipt, or the end. Returns and throws as {@link take}. */
  takeEvent({ event, data }: StreamEvent): string {
    if (event === RECEIPT_EVENT) {
      this.takeReceipt(decodeEnvelope(data));
      return "";
    }
    if (data === DONE) {
      this.#isDone = true;
      return "";
    }
    return this.take(parseJson(data));
  }

  /** Takes the text of a comment of a stream, behind its colon: maybe a receipt. Others are passed over. */
  takeComment(comment: string): void {
    const [, header] = COMMENT.exec(comment) ?? [];
    if (header !== undefined) {
      this.takeReceipt(decodeEnvelopeHeader(header));
    }
  }

  /** Takes the receipt, such as that of a header. */
  takeReceipt(envelope: ReceiptEnvelope): void {
    this.#receipt = envelope;
    this.#tokens = envelope.tokens ?? this.#tokens;
  }

  /** All that was taken so far. */
  received(): ReceivedChat {
    return {
      text: this.#text,
      toolCalls: this.#calls.filter((call) => call !== undefined).map((call) => ({ ...call })),
      logprobs: [...this.#logprobs],
      finishReason: this.#finishReason,
      usage: this.#usage,
      tokens: this.#tokens,
      receipt: this.#receipt,
      error: this.#error,
      isDone: this.#isDone,
    };
  }

  #takeChoice({ message, delta, logprobs, finish_reason }: z.infer<typeof choiceSchema>): string {
    const { content, tool_calls } = message ?? delta ?? {};
    const text = content ?? "";
    this.#text += text;
    (tool_calls ?? []).forEach((call, position) => {
      this.#takeCall(call, call.index ?? position);
    });
    this.#logprobs.push(...((logprobs?.content ?? []) as unknown as readonly TokenLogprob[]));
    this.#finishReason = finish_reason ?? this.#finishReason;
    return text;
  }

  #takeCall({ id, function: called }: z.infer<typeof callSchema>, index: number): void {
    const known = this.#calls[index] ?? { id: "", name: "", arguments: "" };
    this.#calls[index] = {
      id: id ?? known.id,
      name: called?.name ?? known.name,
      arguments: known.arguments + (called?.arguments ?? ""),
    };
  }
}

/** The output that an answer was made of, whose hash its receipt commits to. */
export function receivedOutput(
  { text, toolCalls, finishReason = "stop", tokens = [] }: ReceivedAnswer,
  promptTokens: number,
): ItemCompletion {
  const calls = toolCalls ?? [];
  return {
    finishReason,
    promptTokens,
    text: text ?? "",
    tokens: [...tokens],
    ...(calls.length > 0 && { toolCalls: [...calls] }),
  };
}
