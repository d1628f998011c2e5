import type { LlamaModel, Token } from "node-llama-cpp";
import type { GenerateOptions, TextDelta, TokenChoice, TokenLogprob } from "./engine.ts";
import type { NextToken } from "./evaluate.ts";
import type { StopRule } from "./stops.ts";
import { TextFlow } from "./text-flow.ts";

/** Tells of a generation as it is written: its text, and where they are asked for the probabilities of its tokens. */
export class Teller {
  readonly #model: LlamaModel;
  readonly #onText: ((delta: TextDelta) => void) | undefined;
  readonly #topLogprobs: number | undefined;
  readonly #flow: TextFlow;
  /** Tokens that were told of, and the probabilities of those that were not. */
  #told = 0;
  #logprobs: TokenLogprob[] = [];

  constructor(model: LlamaModel, stops: StopRule, { onText, topLogprobs }: GenerateOptions) {
    this.#model = model;
    this.#onText = onText;
    this.#topLogprobs = topLogprobs;
    this.#flow = new TextFlow(stops, (some) => model.detokenize(some));
  }

  /** The last of these tokens is new; `next` is what it was chosen from. */
  wrote(tokens: readonly Token[], next: NextToken): void {
    if (this.#onText === undefined) {
      return;
    }
    if (this.#topLogprobs !== undefined) {
      this.#logprobs.push(this.#logprobOf(tokens.at(-1) as Token, next, this.#topLogprobs));
    }
    const text = this.#flow.next(tokens);
    if (text !== "") {
      this.#tell(text, tokens.length);
    }
  }

  /** There are no more tokens than these, and their text is this. */
  ended(tokens: readonly Token[], text: string): void {
    if (this.#onText === undefined) {
      return;
    }
    const rest = this.#flow.end(text);
    // A stop is cut from the text, so its tokens must not give it away.
    const isShown = (index: number) => this.#model.detokenize(tokens.slice(0, index)).length < text.length;
    this.#logprobs = this.#logprobs.filter((_, index) => isShown(this.#told + index));
    if (rest !== "" || tokens.length > this.#told) {
      this.#tell(rest, tokens.length);
    }
  }

  #tell(text: string, tokens: number): void {
    const logprobs = this.#logprobs;
    this.#onText?.({ text, tokens: tokens - this.#told, ...(this.#topLogprobs !== undefined && { logprobs }) });
    this.#told = tokens;
    this.#logprobs = [];
  }

  #logprobOf(token: Token, { candidates, logWeight = Number.NaN }: NextToken, top: number): TokenLogprob {
    const choiceOf = ({ id, logit }: { readonly id: number; readonly logit: number }): TokenChoice => {
      const text = this.#model.detokenize([id as Token], true);
      const bytes = text.includes("\uFFFD") ? null : [...Buffer.from(text)];
      return { token: text, logprob: logit - logWeight, bytes };
    };
    const logit = candidates.find(({ id }) => id === token)?.logit ?? Number.NaN;
    return { ...choiceOf({ id: token, logit }), top: candidates.slice(0, top).map(choiceOf) };
  }
}
