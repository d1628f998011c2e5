import { type AnswerHead, chatChunk, chatCompletion, toolCallDelta, usageChunk } from "@touchstone/sdk/protocol";
import { apiErrorBody } from "./errors.ts";
import { type Face, sse } from "./face.ts";

/** `POST /v1/chat/completions`: `chat.completion` and its chunks. */
export function chatFace(head: AnswerHead, wantsUsage: boolean): Face {
  // With usage asked for, every chunk but the last says that it has none.
  const chunk = (value: object) => sse(wantsUsage ? { ...value, usage: null } : value);
  return {
    whole: ({ output, usage, logprobs }) => chatCompletion({ ...head, output, usage, logprobs }),
    opening: () => chunk(chatChunk({ ...head, delta: { role: "assistant", text: "" } })),
    delta: ({ text, logprobs }) =>
      text === "" && logprobs === undefined ? "" : chunk(chatChunk({ ...head, delta: { text, logprobs } })),
    closing: ({ output, usage, finishReason }) => {
      const tools = output.toolCalls?.map(toolCallDelta);
      const calls = tools === undefined ? "" : chunk(chatChunk({ ...head, delta: { toolCalls: tools } }));
      const last = chunk(chatChunk({ ...head, delta: { finishReason } }));
      return calls + last + (wantsUsage ? sse(usageChunk({ ...head, usage })) : "");
    },
    ending: () => sse("[DONE]"),
    failure: (error) => sse(apiErrorBody(error)),
  };
}
