import { type Random, seededRandom } from "./chance.ts";
import type { Rules } from "./economy.ts";

/** Slots of a panel in order: dead ones, behind them the schemer's, then honest ones. */
export interface Steered {
  readonly dead: number;
  readonly own: number;
  readonly honest: number;
  /** A slot that cannot judge leads to the next one; otherwise to another drawn anew. */
  readonly isProbing: boolean;
}

const DRAWS = 20_000;

/**
 * How often tier two falls to a schemer whose seats sit behind a run of dead slots.
 * @returns Probability that its seats reach the quorum of nine, from 20,000 simulated panels.
 */
export function captured(rules: Rules, panel: Steered): number {
  const random = seededRandom(7);
  let taken = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const own = ownAmong(random, panel, rules.secondTier);
    taken += own >= rules.quorum ? 1 : 0;
  }
  return taken / DRAWS;
}

function ownAmong(random: Random, { dead, own, honest, isProbing }: Steered, places: number): number {
  const slots = dead + own + honest;
  const isSeated = new Set<number>();
  let count = 0;
  for (let place = 0; place < places; place++) {
    let slot = Math.floor(random() * slots);
    while (slot < dead || isSeated.has(slot)) {
      slot = isProbing ? (slot + 1) % slots : Math.floor(random() * slots);
    }
    isSeated.add(slot);
    count += slot < dead + own ? 1 : 0;
  }
  return count;
}
