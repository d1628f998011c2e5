import OpenAI from "openai";
import { type Client, type Door, given } from "./client.ts";

/** The official client with nothing set but where and who. */
export function openaiAt({ baseURL, apiKey, fetch }: Door): OpenAI {
  return new OpenAI({ baseURL, apiKey, ...(fetch && { fetch }) });
}

export const openaiChat: Client = {
  name: "openai, chat",
  async whole(door, { prompt, model = "small", maxTokens, temperature, seed }) {
    const messages = [{ role: "user" as const, content: prompt }];
    const body = { model, messages, ...given({ max_tokens: maxTokens, temperature, seed }) };
    const { choices, usage } = await openaiAt(door).chat.completions.create(body);
    const [promptTokens, completionTokens] = [usage?.prompt_tokens, usage?.completion_tokens];
    return { text: choices[0]?.message.content ?? "", promptTokens, completionTokens };
  },
  async stream(door, { prompt, model = "small", maxTokens, temperature, seed }, onText) {
    const stream = openaiAt(door).chat.completions.stream({
      model,
      messages: [{ role: "user", content: prompt }],
      ...given({ max_tokens: maxTokens, temperature, seed }),
      stream_options: { include_usage: true },
    });
    stream.on("content", (delta) => onText?.(delta));
    const { choices, usage } = await stream.finalChatCompletion();
    const [promptTokens, completionTokens] = [usage?.prompt_tokens, usage?.completion_tokens];
    return { text: choices[0]?.message.content ?? "", promptTokens, completionTokens };
  },
  async embed(door, model, input) {
    const { data } = await openaiAt(door).embeddings.create({ model, input });
    return data.map(({ embedding }) => embedding);
  },
};

export const openaiResponses: Client = {
  name: "openai, responses",
  isResponses: true,
  async whole(door, { prompt, model = "small", maxTokens, temperature }) {
    const body = { model, input: prompt, ...given({ max_output_tokens: maxTokens, temperature }) };
    const { output_text: text, usage } = await openaiAt(door).responses.create(body);
    return { text, promptTokens: usage?.input_tokens, completionTokens: usage?.output_tokens };
  },
  async stream(door, { prompt, model = "small", maxTokens, temperature }, onText) {
    const body = { model, input: prompt, ...given({ max_output_tokens: maxTokens, temperature }) };
    const stream = openaiAt(door).responses.stream(body);
    stream.on("response.output_text.delta", ({ delta }) => onText?.(delta));
    const { output_text: text, usage } = await stream.finalResponse();
    return { text, promptTokens: usage?.input_tokens, completionTokens: usage?.output_tokens };
  },
};
