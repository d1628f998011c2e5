import type { AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { type Answer, type Client, type Door, given, type Wish } from "./client.ts";

const placeOf = ({ baseURL, apiKey, fetch }: Door) => ({ apiKey, configuration: { baseURL, ...(fetch && { fetch }) } });

const chatAt = (door: Door, { model = "small", maxTokens, temperature, seed }: Wish) =>
  new ChatOpenAI({ ...placeOf(door), model, ...given({ maxTokens, temperature }), modelKwargs: { seed } });

function answerOf(message: AIMessageChunk): Answer {
  const { text } = message;
  const usage = message.usage_metadata as UsageMetadata | undefined;
  return { text, promptTokens: usage?.input_tokens, completionTokens: usage?.output_tokens };
}

export const langchain: Client = {
  name: "@langchain/openai",
  async whole(door, wish) {
    return answerOf(await chatAt(door, wish).invoke(wish.prompt));
  },
  async stream(door, wish, onText) {
    let all: AIMessageChunk | undefined;
    for await (const chunk of await chatAt(door, wish).stream(wish.prompt)) {
      onText?.(chunk.text);
      all = all === undefined ? chunk : all.concat(chunk);
    }
    return answerOf(all!);
  },
  embed: (door, model, texts) => new OpenAIEmbeddings({ ...placeOf(door), model }).embedDocuments(texts),
};
