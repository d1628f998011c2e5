import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { type EmbeddingModel, embedMany, generateText, type LanguageModel, streamText } from "ai";
import { type Answer, type Client, type Door, given, type Wish } from "./client.ts";

interface Factory {
  readonly name: string;
  readonly isResponses?: boolean;
  readonly model: (door: Door, name: string) => LanguageModel;
  readonly embedding?: (door: Door, name: string) => EmbeddingModel;
}

const official = ({ baseURL, apiKey, fetch }: Door) => createOpenAI({ baseURL, apiKey, ...(fetch && { fetch }) });
const compatible = ({ baseURL, apiKey, fetch }: Door) =>
  createOpenAICompatible({ name: "touchstone", baseURL, apiKey, includeUsage: true, ...(fetch && { fetch }) });

function clientOf({ name, isResponses = false, model, embedding }: Factory): Client {
  const callOf = (door: Door, wish: Wish) => ({
    model: model(door, wish.model ?? "small"),
    prompt: wish.prompt,
    ...given({ maxOutputTokens: wish.maxTokens, temperature: wish.temperature, seed: wish.seed }),
  });
  return {
    name,
    isResponses,
    async whole(door, wish) {
      const { text, usage } = await generateText(callOf(door, wish));
      return { text, promptTokens: usage.inputTokens, completionTokens: usage.outputTokens };
    },
    async stream(door, wish, onText): Promise<Answer> {
      let text = "";
      const streamed = streamText({ ...callOf(door, wish), onError: () => undefined }); // Or it prints what it throws.
      for await (const part of streamed.fullStream) {
        if (part.type === "error") {
          throw part.error;
        }
        if (part.type === "text-delta") {
          text += part.text;
          onText?.(part.text);
        }
      }
      const { inputTokens, outputTokens } = await streamed.usage;
      return { text, promptTokens: inputTokens, completionTokens: outputTokens };
    },
    ...(embedding && {
      async embed(door: Door, name: string, values: string[]) {
        return (await embedMany({ model: embedding(door, name), values })).embeddings;
      },
    }),
  };
}

export const aiSdkOpenai = clientOf({
  name: "@ai-sdk/openai",
  isResponses: true, // its default
  model: (door, name) => official(door)(name),
  embedding: (door, name) => official(door).embedding(name),
});

export const aiSdkOpenaiChat = clientOf({
  name: "@ai-sdk/openai, chat",
  model: (door, name) => official(door).chat(name),
});

export const aiSdkCompatible = clientOf({
  name: "@ai-sdk/openai-compatible",
  model: (door, name) => compatible(door)(name),
  embedding: (door, name) => compatible(door).embeddingModel(name),
});
