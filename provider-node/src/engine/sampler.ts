import { philox4x32 } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

/** How tokens are chosen. */
export interface SamplingRule {
  /** 32 bytes. */
  readonly seed: Hex;
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  /** Only the likeliest tokens that together reach this probability are candidates. */
  readonly topP: number;
}

/** A token that may be chosen, with its logit at temperature 1. */
export interface Candidate {
  readonly id: number;
  readonly logit: number;
}

/** A candidate and how it did. */
interface Scored {
  readonly id: number;
  readonly score: number;
}

/**
 * Chooses the token at a position of the output (0 is the first) from ranked candidates. The same rule, position and
 * candidates always give the same token; ties go to the likelier, then to the lower id.
 */
export type Sampler = (position: number, candidates: readonly Candidate[]) => number;

/** How many of the likeliest tokens may ever be chosen. */
export const SAMPLED_CANDIDATES = 64;

/**
 * The sampler is ours, the logits are the engine's: `argmax(logit / temperature + gumbel(seed, position, id))`, which
 * draws from the softmax of the logits (the Gumbel-max trick). The noise of a token depends on nothing else, so a
 * verifier with slightly other logits chooses the same token almost always (Token-DiFR, arXiv 2511.20621).
 */
export function createSampler(rule: SamplingRule): Sampler {
  const score = createScorer(rule);
  return (position, candidates) => best(score(position, candidates)).id;
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

/** Logits by token id as candidates: the likeliest first, equals by the lower id. */
export function rank(logits: ReadonlyMap<number, number>): readonly Candidate[] {
  const candidates = Array.from(logits, ([id, logit]) => ({ id, logit }));
  return candidates.sort((a, b) => b.logit - a.logit || a.id - b.id);
}

/** The scores of all that may be chosen, in their rank. */
function createScorer({ seed, temperature, topP }: SamplingRule) {
  const words = seedWords(seed);
  return (position: number, candidates: readonly Candidate[]): readonly Scored[] =>
    temperature === 0
      ? candidates.map(({ id, logit }) => ({ id, score: logit }))
      : candidates
          .slice(0, nucleusSize(candidates, temperature, topP))
          .map(({ id, logit }) => ({ id, score: logit / temperature + gumbel(words, position, id) }));
}

/** How many of the ranked candidates it takes until their probability reaches `topP`; at least one. */
export function nucleusSize(candidates: readonly Candidate[], temperature: number, topP: number): number {
  if (topP >= 1) {
    return candidates.length;
  }
  const weights = weightsOf(candidates, temperature);
  const target = topP * weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  const last = weights.findIndex((weight) => {
    reached += weight;
    return reached >= target;
  });
  return last === -1 ? candidates.length : last + 1;
}

/** What the probabilities of ranked candidates are proportional to. */
export function weightsOf(candidates: readonly Candidate[], temperature: number): readonly number[] {
  const top = candidates[0]?.logit ?? 0;
  return candidates.map(({ logit }) => Math.exp((logit - top) / temperature));
}

/** The first of the highest. */
function best([first, ...others]: readonly Scored[]): Scored {
  if (first === undefined) {
    throw new RangeError("There are no candidates to choose from.");
  }
  let winner = first;
  for (const candidate of others) {
    if (candidate.score > winner.score) {
      winner = candidate;
    }
  }
  return winner;
}
