import type OpenAI from "openai";

/** An answer as its reader saw it. */
export interface Answer {
  readonly prompt: string;
  readonly text: string;
  readonly finishReason: string;
  /** As the stream's last chunk says. */
  readonly completionTokens: number;
  /** Milliseconds until the first text, and until the end. */
  readonly firstTextMs: number;
  readonly totalMs: number;
}

/** Asks one question with the official client of OpenAI, and reads the answer as it comes. */
export async function ask(
  openai: OpenAI,
  { model, prompt, maxTokens }: { readonly model: string; readonly prompt: string; readonly maxTokens: number },
  onText: (text: string) => void,
): Promise<Answer> {
  const startedAt = performance.now();
  const stream = await openai.chat.completions.create({
    model,
    messages: [{ role: "user", content: prompt }],
    max_completion_tokens: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let finishReason = "";
  let completionTokens = 0;
  let firstTextMs = 0;
  for await (const { choices, usage } of stream) {
    const [choice] = choices;
    const delta = choice?.delta.content ?? "";
    if (delta !== "") {
      firstTextMs ||= performance.now() - startedAt;
      text += delta;
      onText(delta);
    }
    finishReason = choice?.finish_reason ?? finishReason;
    completionTokens = usage?.completion_tokens ?? completionTokens;
  }
  return { prompt, text, finishReason, completionTokens, firstTextMs, totalMs: performance.now() - startedAt };
}
