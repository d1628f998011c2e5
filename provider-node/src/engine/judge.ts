import {
  type Candidate,
  gumbel,
  nucleusSize,
  SAMPLED_CANDIDATES,
  type SamplingRule,
  seedWords,
  weightsOf,
} from "./sampler.ts";

/** How a token fares under a sampling rule. */
export interface TokenVerdict {
  /** Whether the rule chooses it. */
  readonly isChosen: boolean;
  /** The least by which logits would have to change against each other for the rule to choose it; 0 if it does. */
  readonly margin: number;
}

/**
 * Says how `token` fares at a position of the output.
 *
 * @param candidates Ranked; more than the sampler sees, so that what lies just beyond its bound is known too.
 */
export type SamplingJudge = (position: number, candidates: readonly Candidate[], token: number) => TokenVerdict;

/**
 * Judges claimed tokens by the rule that they should have been chosen by.
 *
 * The margin is continuous in the logits, so honest rounding gives margins of its own size only. A token falls behind
 * by its score, or because it lies beyond the bound of the candidates; a better token is explained away by its score, or
 * because it may lie beyond that bound in another's numbers. Scores alone would charge an honest provider the whole
 * difference whenever two tokens swap places at the bound. Margins are in logits at temperature 1, whatever the
 * temperature: that is what machines differ by.
 */
export function createJudge({ seed, temperature, topP }: SamplingRule): SamplingJudge {
  const words = seedWords(seed);
  if (temperature === 0) {
    return (_position, candidates, token) => {
      const claimed = candidates.find(({ id }) => id === token);
      const margin = (candidates[0]?.logit ?? 0) - (claimed?.logit ?? Number.NEGATIVE_INFINITY);
      return { isChosen: candidates[0]?.id === token, margin };
    };
  }
  return (position, candidates, token) => {
    const rank = candidates.findIndex(({ id }) => id === token);
    const claimed = candidates[rank];
    if (claimed === undefined) {
      return { isChosen: false, margin: Number.POSITIVE_INFINITY };
    }
    const scoreOf = ({ id, logit }: Candidate) => logit + temperature * gumbel(words, position, id);
    const bound = boundOf(candidates, temperature, topP);
    const own = scoreOf(claimed);
    let margin = bound.entry(rank);
    for (let other = 0; other < bound.size; other++) {
      const lead = scoreOf(candidates[other] as Candidate) - own;
      margin = lead > margin ? Math.max(margin, Math.min(lead, bound.exit(other))) : margin;
    }
    return { isChosen: margin === 0, margin };
  };
}

/** Where the candidates of a rule end, and how far the ranks are from it, in logits. */
interface Bound {
  readonly size: number;
  /** What a rank lacks to be a candidate; 0 if it is one. */
  entry(rank: number): number;
  /** What would have to happen for a rank to be none. */
  exit(rank: number): number;
}

/**
 * A rank crosses the bound by changing places with the one at its other side, or because the probability of all before
 * it crosses `topP`: the logits of those then shift together by the difference of the log-odds.
 */
function boundOf(candidates: readonly Candidate[], temperature: number, topP: number): Bound {
  const sampled = candidates.slice(0, SAMPLED_CANDIDATES);
  const size = nucleusSize(sampled, temperature, topP);
  const logitAt = (rank: number) => candidates[rank]?.logit ?? Number.NEGATIVE_INFINITY;
  const weights = topP < 1 ? weightsOf(sampled, temperature) : [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  /** By how much the ranks before this one miss the share at which no more are taken; negative if they have it. */
  const slack = (rank: number) => {
    if (topP >= 1 || rank >= sampled.length) {
      return Number.POSITIVE_INFINITY;
    }
    const before = weights.slice(0, rank).reduce((sum, weight) => sum + weight, 0) / total;
    return temperature * (logOdds(topP) - logOdds(before));
  };
  return {
    size,
    entry: (rank) => (rank < size ? 0 : Math.min(Math.abs(slack(rank)), logitAt(size - 1) - logitAt(rank))),
    exit: (rank) => Math.min(Math.max(0, slack(rank)), logitAt(rank) - logitAt(size)),
  };
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability));
}
