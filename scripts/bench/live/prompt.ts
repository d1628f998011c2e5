const WORDS = "Tell me a story about a fox that crosses a river at night and finds what it did not look for".split(" ");

/** Words of every prompt, which the instant engine counts as tokens. */
export const PROMPT_TOKENS = 100;

/** A chat of {@link PROMPT_TOKENS} words; another one for each name. */
export function chatBody(name: string, maxTokens: number, stream: boolean): string {
  const content = Array.from({ length: PROMPT_TOKENS - 1 }, (_, index) => WORDS[index % WORDS.length]).join(" ");
  const messages = [{ role: "user", content: `${name} ${content}` }];
  return JSON.stringify({ model: "instant", messages, max_tokens: maxTokens, ...(stream && { stream }) });
}
