import type { InferenceRequest } from "@touchstone/sdk/protocol";
import { type Hex, keccak256, stringToHex } from "viem";

/** One item that somebody orders. */
export interface Order {
  readonly request: InferenceRequest;
  /** Sampling seed. */
  readonly seed: Hex;
}

const ADJECTIVES = ["brave", "shy", "lonely", "greedy", "clever", "curious", "sleepy", "stubborn", "kind", "proud"];
const HEROES = ["fox", "dragon", "robot", "king", "mouse", "cat", "bear", "donkey", "witch", "walrus", "owl", "duke"];
const THINGS = ["lost key", "broken bell", "hidden map", "old clock", "red umbrella", "golden crown", "magic lamp"];

/** The order of some number in a set, at temperature 1; orders of other sets have other seeds. */
export function orderOf(set: string, index: number, maxTokens = 256): Order {
  const seed = keccak256(stringToHex(`${set}/${index}`));
  const pick = (words: readonly string[], part: number) =>
    words[Number.parseInt(seed.slice(2 + 4 * part, 6 + 4 * part), 16) % words.length];
  const content = `Tell a story about a ${pick(ADJECTIVES, 0)} ${pick(HEROES, 1)} and a ${pick(THINGS, 2)}`;
  return { request: { messages: [{ role: "user", content }], maxTokens, temperature: 1 }, seed };
}
