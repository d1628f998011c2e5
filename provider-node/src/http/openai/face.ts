import type { AnswerHead, FinishReason, ItemCompletion, TokenLogprob, Usage } from "@touchstone/sdk/protocol";
import type { TokenLogprob as EngineLogprob } from "../../engine/engine.ts";
import type { ApiError } from "./errors.ts";

/** What has been written since the last time, as it is shown. */
export interface ShownDelta {
  readonly text: string;
  readonly logprobs: readonly TokenLogprob[] | undefined;
}

/** A whole answer. */
export interface ShownAnswer {
  readonly output: ItemCompletion;
  readonly usage: Usage;
  readonly finishReason: FinishReason;
  readonly logprobs: readonly TokenLogprob[] | undefined;
}

/** How one call shows its answer: the objects of one API. Its streams are texts of server-sent events. */
export interface Face {
  whole(answer: ShownAnswer): object;
  /** Before the first delta. */
  opening(): string;
  delta(delta: ShownDelta): string;
  /** All after the last delta but the receipt and {@link ending}. */
  closing(answer: ShownAnswer): string;
  /** After the receipt. */
  ending(): string;
  /** In place of the rest, where the call failed half-way. */
  failure(error: ApiError): string;
}

/** Makes the face of a call once it has a name. */
export type FaceOf = (head: AnswerHead) => Face;

/** A server-sent event; without a name, its data alone. */
export function sse(data: unknown, event?: string): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}

/** Probabilities as OpenAI has them. */
export function shownLogprobs(logprobs: readonly EngineLogprob[] | undefined): TokenLogprob[] | undefined {
  return logprobs?.map(({ top, ...chosen }) => ({ ...chosen, top_logprobs: top }));
}
