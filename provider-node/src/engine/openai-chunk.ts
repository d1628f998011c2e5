import { FINISH_REASONS } from "@touchstone/sdk/protocol";
import { z } from "zod";
import type { TokenChoice, TokenLogprob } from "./engine.ts";

const text = z.string().nullish();

const choiceSchema = z.object({
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.int().min(0).max(255)).nullish(),
});

const usageSchema = z.object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() });

/** Part of a streamed chat, as servers send it; what is not known is left out. */
export const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: text,
            /** Thoughts, which a server keeps from the text; counted, not shown. */
            reasoning_content: text,
            reasoning: text,
            tool_calls: z
              .array(
                z.object({
                  index: z.int().nonnegative().optional(),
                  id: text,
                  function: z.object({ name: text, arguments: text }).optional(),
                }),
              )
              .nullish(),
          })
          .optional(),
        logprobs: z
          .object({
            content: z.array(choiceSchema.extend({ top_logprobs: z.array(choiceSchema).optional() })).nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: usageSchema.nullish(),
});

export type Chunk = z.infer<typeof chunkSchema>;
export type ChunkChoice = Chunk["choices"][number];

/** Why an answer ended, in OpenAI's words; other words count as a plain stop. */
export function finishReasonOf(reason: string): (typeof FINISH_REASONS)[number] {
  return FINISH_REASONS.find((known) => known === reason) ?? "stop";
}

/** The probabilities that a chunk brings. */
export function logprobsOf({ logprobs }: ChunkChoice): readonly TokenLogprob[] {
  return (logprobs?.content ?? []).map((entry) => ({
    ...choiceOf(entry),
    top: (entry.top_logprobs ?? []).map(choiceOf),
  }));
}

function choiceOf({ token, logprob, bytes }: z.infer<typeof choiceSchema>): TokenChoice {
  return { token: token.toWellFormed(), logprob, bytes: bytes ?? null };
}
