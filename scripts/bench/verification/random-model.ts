/// <reference lib="esnext.float16" />
import { encodeMetadata, GGML, type Gguf, type GgufTensor } from "./gguf.ts";

/** The sizes of a network of the Llama family. */
export interface Shape {
  readonly layers: number;
  readonly width: number;
  readonly hidden: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly vocabulary: number;
  readonly context: number;
}

/** 207 million parameters. */
export const LARGE: Shape = {
  layers: 12,
  width: 1024,
  hidden: 2816,
  heads: 16,
  keyValueHeads: 8,
  vocabulary: 32_000,
  context: 2048,
};

/** Standard deviation of the logits: the next token is then as unsure as that of a trained model, 2 to 3 nats. */
const LOGIT_DEVIATION = 4;

/**
 * A network whose weights are noise. It writes nonsense, but its numbers run through the same kernels at the same sizes as a
 * trained model's. Equal seeds give equal files.
 */
export function randomModel(shape: Shape, seed: number): Gguf {
  return { ...encodeMetadata(metadataOf(shape)), tensors: tensorsOf(shape, seed) };
}

/** Draws of a standard normal distribution (Box, Muller 1958) from {@link uint32s}. */
export function normals(seed: number): () => number {
  const draw = uint32s(seed);
  return () => Math.sqrt(-2 * Math.log((draw() + 0.5) / 2 ** 32)) * Math.cos((2 * Math.PI * draw()) / 2 ** 32);
}

/** splitmix32: good enough for noise, and fast. */
function uint32s(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** Weights of bell shape: the sum of four bytes, so that a draw is a look into a table of 1,021 numbers. */
function noise(count: number, deviation: number, seed: number): Uint8Array {
  const unit = Math.sqrt((4 * (256 ** 2 - 1)) / 12);
  const levels = new Uint16Array(
    Float16Array.from({ length: 1021 }, (_, sum) => ((sum - 510) / unit) * deviation).buffer,
  );
  const draw = uint32s(seed);
  const weights = new Uint16Array(count);
  for (let index = 0; index < count; index++) {
    const bits = draw();
    weights[index] = levels[(bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24)] as number;
  }
  return new Uint8Array(weights.buffer);
}

function tensorsOf(shape: Shape, seed: number): GgufTensor[] {
  const { layers, width, hidden, heads, keyValueHeads, vocabulary } = shape;
  const keyValueWidth = (width / heads) * keyValueHeads;
  let count = 0;
  const matrix = (name: string, row: number, rows: number, deviation = 1 / Math.sqrt(row)): GgufTensor => {
    const own = Math.imul(seed, 0x85ebca6b) ^ ++count;
    return { name, dimensions: [row, rows], type: GGML.f16, read: () => noise(row * rows, deviation, own) };
  };
  const norm = (name: string): GgufTensor => {
    return {
      name,
      dimensions: [width],
      type: GGML.f32,
      read: () => new Uint8Array(new Float32Array(width).fill(1).buffer),
    };
  };
  const blocks = Array.from({ length: layers }, (_, layer) => [
    norm(`blk.${layer}.attn_norm.weight`),
    matrix(`blk.${layer}.attn_q.weight`, width, width),
    matrix(`blk.${layer}.attn_k.weight`, width, keyValueWidth),
    matrix(`blk.${layer}.attn_v.weight`, width, keyValueWidth),
    matrix(`blk.${layer}.attn_output.weight`, width, width),
    norm(`blk.${layer}.ffn_norm.weight`),
    matrix(`blk.${layer}.ffn_gate.weight`, width, hidden),
    matrix(`blk.${layer}.ffn_up.weight`, width, hidden),
    matrix(`blk.${layer}.ffn_down.weight`, hidden, width),
  ]);
  return [
    matrix("token_embd.weight", width, vocabulary, 1),
    ...blocks.flat(),
    norm("output_norm.weight"),
    matrix("output.weight", width, vocabulary, LOGIT_DEVIATION / Math.sqrt(width)),
  ];
}

function metadataOf(shape: Shape): Parameters<typeof encodeMetadata>[0] {
  const pieces = piecesOf(shape.vocabulary);
  return {
    "general.architecture": "llama",
    "general.name": "Noise",
    "general.license": "MIT",
    "general.file_type": 1,
    "llama.vocab_size": shape.vocabulary,
    "llama.context_length": shape.context,
    "llama.embedding_length": shape.width,
    "llama.block_count": shape.layers,
    "llama.feed_forward_length": shape.hidden,
    "llama.attention.head_count": shape.heads,
    "llama.attention.head_count_kv": shape.keyValueHeads,
    "llama.attention.layer_norm_rms_epsilon": { float: 1e-5 },
    "llama.rope.dimension_count": shape.width / shape.heads,
    "llama.rope.freq_base": { float: 10_000 },
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": pieces,
    "tokenizer.ggml.scores": Float32Array.from(pieces, (_, id) => -id),
    "tokenizer.ggml.token_type": Int32Array.from(pieces, (_, id) => kindOf(id)),
    "tokenizer.ggml.bos_token_id": 1,
    "tokenizer.ggml.eos_token_id": 2,
    "tokenizer.ggml.add_bos_token": true,
    "tokenizer.chat_template": "{% for message in messages %}{{ message.content }} {% endfor %}",
  };
}

/** Unknown, the two control tokens, every byte, then words of up to three letters, with a space before them or not. */
function piecesOf(vocabulary: number): string[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  const words = [...letters, ...pairs, ...pairs.flatMap((pair) => letters.map((third) => pair + third))];
  const spaced = words.flatMap((word) => [`▁${word}`, word]);
  return ["<unk>", "<s>", "</s>", ...bytes, "▁", ...spaced].slice(0, vocabulary);
}

/** `llama_token_type`: 2 unknown, 3 control, 6 byte, 1 plain. */
function kindOf(id: number): number {
  return id === 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1;
}
