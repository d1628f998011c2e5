import type { Hex } from "viem";
import { keccak256 } from "viem/utils";
import * as z from "zod";
import { canonicalBytes, decodeUtf8, parseJson } from "./canonical.ts";
import { parseAs } from "./parse-as.ts";

const count = z.int().nonnegative();

/** Why an output ended: at a stop, at its longest, in order to call tools, or at the words of the engine's filter. */
export const FINISH_REASONS = ["stop", "length", "tool_calls", "content_filter"] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** A call of a tool, as it is hashed. */
export const toolCallSchema = z.strictObject({ id: z.string(), name: z.string(), arguments: z.string() });

/** What the model wrote for one item. */
export const itemCompletionSchema = z.strictObject({
  finishReason: z.enum(FINISH_REASONS),
  promptTokens: count,
  text: z.string(),
  /** Ids of the tokens of the text; none where the engine does not tell them, which no court can check. */
  tokens: z.array(count),
  /** Left out where there are none. Only engines outside verification call tools. */
  toolCalls: z.array(toolCallSchema).min(1).optional(),
});

/** Why an item could not be served. */
export const itemFailureSchema = z.strictObject({
  error: z.strictObject({ code: z.string().min(1), message: z.string() }),
});

/** The output of one item as it is hashed. */
export const itemOutputSchema = z.union([itemCompletionSchema, itemFailureSchema]);

/** What the model wrote, with the token ids of the prompt counted and of the text listed. */
export type ItemCompletion = Readonly<z.infer<typeof itemCompletionSchema>>;

/** A call of a tool that the buyer is to make: `arguments` is the model's text, JSON or not. */
export type ToolCall = Readonly<z.infer<typeof toolCallSchema>>;

/** A deterministic refusal: paid and judged like any other output. */
export type ItemFailure = Readonly<z.infer<typeof itemFailureSchema>>;

export type ItemOutput = ItemCompletion | ItemFailure;

/** keccak256 of the exact bytes of an output. */
export function outputHash(bytes: Uint8Array): Hex {
  return keccak256(bytes);
}

/** The output of an item that cannot be served. */
export function errorOutput(code: string, message: string): ItemFailure {
  return { error: { code, message } };
}

/** The bytes of an output: RFC 8785 JSON. Throws `INVALID_DATA` for what is no output. */
export function encodeOutput(output: ItemOutput): Uint8Array {
  return canonicalBytes(parseAs(itemOutputSchema, output, "output"));
}

/** The output behind its bytes. Throws `INVALID_DATA` for what is no output. */
export function decodeOutput(bytes: Uint8Array): ItemOutput {
  const text = decodeUtf8(bytes);
  return parseAs(itemOutputSchema, text === undefined ? undefined : parseJson(text), "output");
}
