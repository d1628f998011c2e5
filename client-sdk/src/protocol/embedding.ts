import { InvalidDataError } from "../errors.ts";
import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import type { ItemCompletion } from "./output.ts";

// Embeddings travel as the text of an output: base64 of little-endian binary32 numbers, a line for each vector. So they
// are hashed, kept and brought to a buyer's check like any other output.

const FLOAT_BYTES = 4;

/** The output that stands for embeddings: its text is their lines, its tokens are none. */
export function embeddingOutput(vectors: readonly Float32Array[], promptTokens: number): ItemCompletion {
  return { finishReason: "stop", promptTokens, text: vectors.map(encodeVector).join("\n"), tokens: [] };
}

/** The vectors behind an output of {@link embeddingOutput}. Throws `INVALID_DATA` for another text. */
export function embeddingsOf({ text }: Pick<ItemCompletion, "text">): Float32Array[] {
  return text.split("\n").map(decodeVector);
}

/**
 * OpenAI's answer of `POST /v1/embeddings`.
 *
 * @param encodingFormat As asked: `float` numbers are the shortest that round to the same binary32, `base64` are its bytes.
 */
export function embeddingsResponse({
  model,
  vectors,
  promptTokens,
  encodingFormat,
}: {
  readonly model: string;
  readonly vectors: readonly Float32Array[];
  readonly promptTokens: number;
  readonly encodingFormat: "float" | "base64";
}) {
  const data = vectors.map((vector, index) => {
    const embedding = encodingFormat === "base64" ? encodeVector(vector) : Array.from(vector);
    return { object: "embedding", index, embedding } as const;
  });
  return { object: "list", data, model, usage: { prompt_tokens: promptTokens, total_tokens: promptTokens } } as const;
}

/** A vector as OpenAI's `base64`: little-endian binary32. */
export function encodeVector(vector: Float32Array): string {
  const bytes = new Uint8Array(vector.length * FLOAT_BYTES);
  const view = new DataView(bytes.buffer);
  vector.forEach((value, index) => {
    view.setFloat32(index * FLOAT_BYTES, value, true);
  });
  return bytesToBase64(bytes);
}

/** The vector behind its base64, or the one that a list of numbers rounds to. Throws `INVALID_DATA` for anything else. */
export function decodeVector(embedding: unknown): Float32Array {
  if (Array.isArray(embedding) && embedding.every((value): value is number => typeof value === "number")) {
    return Float32Array.from(embedding);
  }
  const bytes = typeof embedding === "string" ? base64ToBytes(embedding) : undefined;
  if (bytes === undefined || bytes.length % FLOAT_BYTES !== 0) {
    throw new InvalidDataError("embedding", ["all: must be numbers, or base64 of 32-bit ones"]);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) =>
    view.getFloat32(index * FLOAT_BYTES, true),
  );
}
