import { binomial, crossing, sum } from "./chance.ts";
import { type CaseGas, checkCost, type Rules, type World, wordCost } from "./economy.ts";
import { type Cheat, streamingGain } from "./provider.ts";

/** What keeps seats from passing on words that a provider hands them. */
export interface LazyBalance {
  /** A copier that is contradicted loses so much: all of it, or what silence costs if it may wait for the others' words. */
  readonly penalty: number;
  /** Share of cheated cases below which copying pays, while few seats copy. */
  readonly cheated: number;
  /** Share of copying seats from which a cheat that hands out words gains. */
  readonly cheatsGain: number;
  /** Share of copying seats from which the honest are fined more than the copiers: from here on all will copy. */
  readonly tips: number;
}

/** How tier two ends a cheated case, where each seat copies with the same probability. */
function secondTier({ secondTier: seats, quorum }: Rules, copiers: number) {
  return {
    convicts: sum(0, seats - quorum, (k) => binomial(seats, copiers, k)),
    acquits: sum(quorum, seats, (k) => binomial(seats, copiers, k)),
  };
}

/**
 * What copying adds to the earnings of a seat of tier one in a cheated case, the pass that it saves apart. A copier is fined
 * where one of the two others dissents and tier two convicts; an honest seat where tier two acquits.
 */
function copyingGain(rules: Rules, penalty: number, copiers: number): number {
  const { convicts, acquits } = secondTier(rules, copiers);
  return rules.contradictionPenalty * acquits - penalty * (1 - copiers ** 2) * convicts;
}

/** Where copying and cheating begin to pay. */
export function lazyBalance(rules: Rules, world: World, cheat: Cheat, penalty: number): LazyBalance {
  const cheatGain = (copiers: number) => {
    const convicted = (1 - copiers ** rules.firstTier) * secondTier(rules, copiers).convicts;
    return streamingGain(rules, { ...cheat, convicted }, 1);
  };
  return {
    penalty,
    cheated: checkCost(world) / -copyingGain(rules, penalty, 0),
    cheatsGain: crossing(cheatGain, 0, 1) ?? 1,
    tips: crossing((copiers) => copyingGain(rules, penalty, copiers), 0, 1) ?? 1,
  };
}

/** Volume of one model, in tokens a year, at which its seats earn the interest on their stakes. */
export function breakEvenVolume(rules: Rules, world: World, gas: CaseGas, interest: number): number {
  const perWord = rules.seatFee - wordCost(world, gas);
  const words = (rules.minPanel * rules.seatStake * interest) / perWord;
  return (words / rules.firstTier) * rules.auditValue;
}
