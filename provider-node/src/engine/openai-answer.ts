import type { FinishReason, ItemCompletion, ToolCall } from "@touchstone/sdk/protocol";
import type { GenerateOptions, TokenLogprob } from "./engine.ts";
import { type Chunk, type ChunkChoice, finishReasonOf, logprobsOf } from "./openai-chunk.ts";

/** A pair of surrogates may come in two parts. */
const HALF_A_CHARACTER = /[\uD800-\uDBFF]$/;

/** A tool call in the making. */
interface Call {
  id: string;
  name: string;
  arguments: string;
}

/** Puts an answer together from the chunks of a server, and tells of it as it comes. */
export class Answer {
  readonly #options: GenerateOptions;
  readonly #limit: number;
  #text = "";
  #held = "";
  #tokens = 0;
  #finish: FinishReason | undefined;
  #usage: Chunk["usage"];
  readonly #calls: Call[] = [];

  /** @param limit Most tokens that it may have; more are never counted. */
  constructor(options: GenerateOptions, limit: number) {
    this.#options = options;
    this.#limit = limit;
  }

  /** Whether the server said that it is at its end. */
  get isEnded(): boolean {
    return this.#finish !== undefined;
  }

  take({ choices: [choice], usage }: Chunk): void {
    this.#usage = usage ?? this.#usage;
    if (choice === undefined) {
      return;
    }
    const { content, reasoning_content, reasoning, tool_calls } = choice.delta ?? {};
    for (const call of tool_calls ?? []) {
      this.#takeCall(call);
    }
    if (content || reasoning_content || reasoning || tool_calls?.length) {
      const logprobs = logprobsOf(choice);
      this.#tell(content ?? "", Math.min(Math.max(1, logprobs.length), this.#limit - this.#tokens), logprobs);
    }
    if (choice.finish_reason) {
      this.#finish = finishReasonOf(choice.finish_reason);
    }
  }

  /**
   * What the answer is.
   *
   * @param promptTokens Of the prompt, where the server did not say; and the most that it may say.
   */
  end(promptTokens: number): { readonly output: ItemCompletion; readonly completionTokens: number } {
    const completionTokens = Math.min(this.#limit, this.#usage?.completion_tokens ?? this.#tokens);
    this.#tell("", Math.max(0, completionTokens - this.#tokens), [], true);
    const toolCalls: ToolCall[] = this.#calls.map((call) => ({ ...call }));
    const output = {
      finishReason: this.#finish ?? "length",
      promptTokens: Math.min(promptTokens, this.#usage?.prompt_tokens ?? promptTokens),
      text: this.#text,
      tokens: [], // Servers count tokens, but few say which.
      ...(toolCalls.length > 0 && { toolCalls }),
    };
    return { output, completionTokens };
  }

  #tell(content: string, tokens: number, logprobs: readonly TokenLogprob[], isLast = false): void {
    const whole = this.#held + content;
    this.#held = isLast ? "" : (HALF_A_CHARACTER.exec(whole)?.[0] ?? "");
    const text = whole.slice(0, whole.length - this.#held.length).toWellFormed();
    this.#text += text;
    this.#tokens += tokens;
    if (text === "" && tokens === 0) {
      return;
    }
    const { onText, onToken, topLogprobs } = this.#options;
    onToken?.(this.#tokens);
    onText?.({ text, tokens, ...(topLogprobs !== undefined && { logprobs }) });
  }

  #takeCall({ index, id, function: part }: ToolCallPart): void {
    const place = index ?? (id ? this.#calls.length : Math.max(0, this.#calls.length - 1));
    while (this.#calls.length <= place) {
      this.#calls.push({ id: "", name: "", arguments: "" });
    }
    const call = this.#calls[place] as Call;
    call.id ||= (id ?? "").toWellFormed();
    call.name += (part?.name ?? "").toWellFormed();
    call.arguments += (part?.arguments ?? "").toWellFormed();
  }
}

type ToolCallPart = NonNullable<NonNullable<ChunkChoice["delta"]>["tool_calls"]>[number];
