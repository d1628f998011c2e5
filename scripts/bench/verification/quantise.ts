/// <reference lib="esnext.float16" />
import { GGML, type GgmlType, type Gguf, type GgufTensor } from "./gguf.ts";

/** Numbers in a block of Q4_0 and Q8_0: they share a scale. */
const BLOCK = 32;

/** The same model with its F16 matrices in a smaller type, as llama.cpp's reference quantiser makes them. */
export function quantiseModel(model: Gguf, type: typeof GGML.q4_0 | typeof GGML.q8_0): Gguf {
  const quantise = type === GGML.q4_0 ? quantiseQ4 : quantiseQ8;
  return { ...model, tensors: model.tensors.map((tensor) => convert(tensor, type, quantise)) };
}

/** The same model with each weight of its F16 matrices multiplied by 1 + `strength` times noise of variance 1. */
export function perturbModel(model: Gguf, strength: number, normal: () => number): Gguf {
  return {
    ...model,
    tensors: model.tensors.map((tensor) =>
      convert(tensor, GGML.f16, (weights) => {
        const changed = Float16Array.from(weights, (weight) => weight * (1 + strength * normal()));
        return new Uint8Array(changed.buffer);
      }),
    ),
  };
}

/** Q8_0: blocks of an F16 scale and 32 int8. `weights` has a multiple of 32 numbers. */
export function quantiseQ8(weights: Float16Array): Uint8Array {
  const bytes = new Uint8Array((weights.length / BLOCK) * 34);
  const view = new DataView(bytes.buffer);
  for (let start = 0, offset = 0; start < weights.length; start += BLOCK, offset += 34) {
    const block = weights.subarray(start, start + BLOCK);
    const scale = Math.fround(Math.max(...block.map(Math.abs)) / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    view.setFloat16(offset, scale, true);
    block.forEach((weight, index) => {
      view.setInt8(offset + 2 + index, roundAway(Math.fround(weight * inverse)));
    });
  }
  return bytes;
}

/** Q4_0: blocks of an F16 scale and 32 numbers of 4 bits, the first half of a block in the low halves of its bytes. */
export function quantiseQ4(weights: Float16Array): Uint8Array {
  const bytes = new Uint8Array((weights.length / BLOCK) * 18);
  const view = new DataView(bytes.buffer);
  for (let start = 0, offset = 0; start < weights.length; start += BLOCK, offset += 18) {
    const block = weights.subarray(start, start + BLOCK);
    const extreme = block.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0);
    const scale = Math.fround(extreme / -8);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    view.setFloat16(offset, scale, true);
    const level = (index: number) =>
      Math.min(15, Math.trunc(Math.fround(Math.fround((block[index] as number) * inverse) + 8.5)));
    for (let index = 0; index < BLOCK / 2; index++) {
      bytes[offset + 2 + index] = level(index) | (level(index + BLOCK / 2) << 4);
    }
  }
  return bytes;
}

function convert(tensor: GgufTensor, type: GgmlType, change: (weights: Float16Array) => Uint8Array): GgufTensor {
  if (tensor.type !== GGML.f16) {
    return tensor; // Norms stay as they are.
  }
  return { ...tensor, type, read: () => change(new Float16Array(new Uint8Array(tensor.read()).buffer)) };
}

function roundAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}
