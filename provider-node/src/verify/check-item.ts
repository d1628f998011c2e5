import {
  type Fault,
  faultOr,
  type InferenceRequest,
  type ItemClaim,
  type ItemCompletion,
  insist,
  insistOnError,
  readClaim,
  type TraceEntry,
} from "@touchstone/sdk/protocol";
import type { Engine, Reading } from "../engine/engine.ts";

export type { Fault, ItemClaim } from "@touchstone/sdk/protocol";

/** An item whose claim is in order. Without a request it is a rightful error. */
export interface SoundItem {
  readonly request: InferenceRequest | undefined;
  /** What remains to be checked against the model's logits. */
  readonly entries: readonly TraceEntry[];
}

/** Checks all of an item that needs no run of the model; gives the first fault, or what remains to be checked. */
export function checkItem(engine: Engine, claim: ItemClaim): Promise<SoundItem | Fault> {
  return faultOr(claim.index, () => requireSound(engine, claim));
}

/** Whether a check ended with a fault. */
export function isFault(check: SoundItem | Fault): check is Fault {
  return "code" in check;
}

async function requireSound(engine: Engine, claim: ItemClaim): Promise<SoundItem> {
  const { vocabulary, contextLength } = engine.model;
  const { request, output, entries } = readClaim(claim, { isTraced: true, maxTokens: contextLength });
  if ("error" in request) {
    return { request: undefined, entries };
  }
  const tokens = entries.map(({ token }) => token);
  insist(
    tokens.every((token) => token < vocabulary),
    "TOKEN_UNKNOWN",
    "The trace has a token that the model has not.",
  );
  const reading = await engine.read(request, tokens);
  if ("error" in reading) {
    insistOnError(output, reading, entries);
    return { request: undefined, entries };
  }
  insist(!("error" in output), "ERROR_FALSE", "The provider refused an item that the model serves.");
  insistOnCompletion(output, reading, entries.length);
  return { request, entries };
}

/** Holds an output to what its request makes of its tokens. */
function insistOnCompletion(output: ItemCompletion, reading: Reading, entries: number): void {
  const { tokens, finishReason, promptTokens, text } = output;
  const { limit, endsAt, stopsAfter } = reading;
  const isSame = tokens.length === reading.tokens.length && tokens.every((id, index) => id === reading.tokens[index]);
  insist(isSame, "TOKENS_MISMATCH", "The output's tokens are not those of the trace.");
  insist(endsAt === undefined || endsAt === entries - 1, "TOKENS_MISMATCH", "The trace goes on after its end.");
  insist(
    promptTokens === reading.promptTokens,
    "PROMPT_TOKENS_WRONG",
    `The prompt has ${reading.promptTokens} tokens.`,
  );
  insist(tokens.length <= limit, "LENGTH_WRONG", `At most ${limit} tokens were asked for.`);
  insist(stopsAfter === undefined || stopsAfter === entries, "LENGTH_WRONG", "The output goes on after a stop.");
  insist(endsAt === undefined || tokens.length < limit, "LENGTH_WRONG", "The output was at its end already.");
  const isStopped = endsAt !== undefined || stopsAfter === tokens.length;
  insist(isStopped || tokens.length === limit, "LENGTH_WRONG", "The output ends before anything ended it.");
  insist(finishReason === (isStopped ? "stop" : "length"), "FINISH_REASON_WRONG", "It ended for another reason.");
  insist(text === reading.text, "TEXT_WRONG", "The text is not that of the tokens.");
}
