import type { Hex } from "viem";
import { philox4x32 } from "./philox.ts";

/** How tokens are chosen. */
export interface SamplingRule {
  /** 32 bytes. */
  readonly seed: Hex;
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  /** Only the likeliest tokens that together reach this probability are candidates. */
  readonly topP: number;
}

/**
 * Chooses the token at a position of the output (0 is the first) from logits at temperature 1, by token id. The same
 * rule, position and logits always give the same token; ties go to the lower id.
 */
export type Sampler = (position: number, logits: ReadonlyMap<number, number>) => number;

interface Candidate {
  readonly id: number;
  readonly logit: number;
}

/**
 * The sampler is ours, the logits are the engine's: `argmax(logit / temperature + gumbel(seed, position, id))`, which
 * draws from the softmax of the logits (the Gumbel-max trick). The noise of a token depends on nothing else, so a
 * verifier with slightly other logits chooses the same token almost always (Token-DiFR, arXiv 2511.20621).
 */
export function createSampler({ seed, temperature, topP }: SamplingRule): Sampler {
  const words = seedWords(seed);
  if (temperature === 0) {
    return (_position, logits) => best(ranked(logits), ({ logit }) => logit).id;
  }
  return (position, logits) => {
    const candidates = nucleus(ranked(logits), temperature, topP);
    return best(candidates, ({ id, logit }) => logit / temperature + gumbel(words, position, id)).id;
  };
}

/** Standard Gumbel noise of one token at one position: `-ln(-ln u)` with u from 52 bits of Philox, never 0 or 1. */
export function gumbel(seed: readonly number[], position: number, id: number): number {
  const [key0 = 0, key1 = 0, word2 = 0, word3 = 0] = seed;
  const [high, low] = philox4x32([id, position, word2, word3], [key0, key1]);
  const uniform = ((high >>> 6) * 2 ** 26 + (low >>> 6) + 0.5) / 2 ** 52;
  return -Math.log(-Math.log(uniform));
}

/** The first four big-endian words of a seed: two are the key, two are part of the counter. */
export function seedWords(seed: Hex): readonly number[] {
  return [0, 1, 2, 3].map((word) => Number.parseInt(seed.slice(2 + 8 * word, 10 + 8 * word), 16));
}

function ranked(logits: ReadonlyMap<number, number>): readonly Candidate[] {
  const candidates = Array.from(logits, ([id, logit]) => ({ id, logit }));
  return candidates.sort((a, b) => b.logit - a.logit || a.id - b.id);
}

/** The shortest start of the ranked candidates whose probability reaches `topP`; at least one. */
function nucleus(candidates: readonly Candidate[], temperature: number, topP: number): readonly Candidate[] {
  if (topP >= 1) {
    return candidates;
  }
  const top = candidates[0]?.logit ?? 0;
  const weights = candidates.map(({ logit }) => Math.exp((logit - top) / temperature));
  const target = topP * weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  const size = weights.findIndex((weight) => {
    reached += weight;
    return reached >= target;
  });
  return size === -1 ? candidates : candidates.slice(0, size + 1);
}

/** The first of the highest; candidates come ranked, so equals go to the likelier, then to the lower id. */
function best(candidates: readonly Candidate[], score: (candidate: Candidate) => number): Candidate {
  const [first, ...others] = candidates;
  if (first === undefined) {
    throw new RangeError("There are no candidates to choose from.");
  }
  let winner = { candidate: first, score: score(first) };
  for (const candidate of others) {
    const own = score(candidate);
    if (own > winner.score) {
      winner = { candidate, score: own };
    }
  }
  return winner.candidate;
}
