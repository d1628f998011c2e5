import { crossing } from "./chance.ts";
import { type CaseGas, missProbability, type Rules, type World, wordCost } from "./economy.ts";
import { panelOdds } from "./odds.ts";
import { burstGain, type Cheat, falsePositiveCost, streamingGain, worstBurst } from "./provider.ts";
import { ANSWER_GAS, challengerAward, harassGain } from "./schemes.ts";

/** A bound of the region where honesty is the best reply, all else as shipped. */
export interface Bound {
  readonly role: string;
  readonly quantity: string;
  /** Undefined where no value breaks honesty. */
  readonly bound: number | undefined;
  /** Undefined where neither the contracts nor the assumptions say. */
  readonly shipped: number | undefined;
  /** Honesty holds on this side of the bound. */
  readonly holds: "above" | "below";
}

interface Context {
  readonly rules: Rules;
  readonly world: World;
  readonly gas: CaseGas;
}

/** Saves everything, and is recognised in seven cases of ten. */
export const WORST_CHEAT: Cheat = { saving: 1, detection: 0.7 };

/** The better of cheating steadily, at every price, and all at once. */
export function bestCheatGain(rules: Rules, cheat: Cheat): number {
  const steady = [0.01, 1, 5, 50].map((price) => streamingGain(rules, cheat, price));
  return Math.max(...steady, worstBurst(rules, cheat));
}

/** The share of hostile seats, of the smallest panel, from which `f` is positive. */
function hostileSeats(rules: Rules, f: (hostile: number) => number): number | undefined {
  for (let hostile = 0; hostile <= rules.minPanel; hostile++) {
    if (f(hostile) > 0) return hostile / rules.minPanel;
  }
  return undefined;
}

function ofCheats(rules: Rules): Bound[] {
  const gain = (change: Partial<Rules>) => bestCheatGain({ ...rules, ...change }, WORST_CHEAT);
  const role = "provider";
  const detection = crossing((d) => bestCheatGain(rules, { saving: 1, detection: d }), 0.01, 1);
  const steady = crossing((d) => streamingGain(rules, { saving: 1, detection: d }, 1), 0.01, 1);
  const protectedBy = (d: number) =>
    hostileSeats(rules, (hostile) =>
      bestCheatGain(rules, { saving: 1, detection: d, convicted: panelOdds(rules, rules.minPanel, hostile).convicted }),
    );
  return [
    { role, quantity: "detection in a case, cheating steadily", bound: steady, shipped: 0.7, holds: "above" },
    { role, quantity: "detection in a case, cheating all at once", bound: detection, shipped: 0.7, holds: "above" },
    {
      role,
      quantity: "minimum stake S",
      bound: crossing((minStake) => gain({ minStake }), 1, 100),
      shipped: rules.minStake,
      holds: "above",
    },
    {
      role,
      quantity: "audit value V",
      bound: crossing((auditValue) => gain({ auditValue }), 1, 200),
      shipped: rules.auditValue,
      holds: "below",
    },
    {
      role,
      quantity: "exposure share",
      bound: crossing((exposureShare) => gain({ exposureShare }), 0.01, 1),
      shipped: rules.exposureShare,
      holds: "below",
    },
    { role, quantity: "share of own seats, detection 0.7", bound: protectedBy(0.7), shipped: 0.2, holds: "below" },
    { role, quantity: "share of own seats, detection 1", bound: protectedBy(1), shipped: 0.2, holds: "below" },
  ];
}

function ofHonestProviders({ rules, world }: Context): Bound[] {
  const role = "provider";
  const margin = 1 - world.costShare - rules.feeShare;
  return [
    {
      role,
      quantity: "false positives that cost 0.1 % of the price",
      bound: crossing((rate) => falsePositiveCost(rules, rate, 1) - 0.001, 1e-7, 1),
      shipped: world.falsePositive,
      holds: "below",
    },
    {
      role,
      quantity: "false positives that eat the whole margin",
      bound: crossing((rate) => falsePositiveCost(rules, rate, 1) - margin, 1e-7, 1),
      shipped: world.falsePositive,
      holds: "below",
    },
  ];
}

/** What an honest seat earns in a case: fee, less work, honest noise and outages. */
export function seatIncome({ rules, world, gas }: Context): number {
  const absent = missProbability(world, rules.commitWindow) + missProbability(world, rules.revealWindow);
  const noise = world.honestOutlier * rules.contradictionPenalty;
  return rules.seatFee - wordCost(world, gas) - absent * rules.absentPenalty - noise;
}

function ofSeats(context: Context): Bound[] {
  const { rules, world } = context;
  const role = "seat";
  const income = (change: Partial<World>, other: Partial<Rules> = {}) =>
    seatIncome({ ...context, world: { ...world, ...change }, rules: { ...rules, ...other } });
  return [
    {
      role,
      quantity: "seat fee",
      bound: crossing((seatFee) => income({}, { seatFee }), 0, 1),
      shipped: rules.seatFee,
      holds: "above",
    },
    {
      role,
      quantity: "price of gas, nanotokens a unit",
      bound: scaled(
        crossing((gasPrice) => income({ gasPrice }), 1e-12, 1e-5),
        1e9,
      ),
      shipped: world.gasPrice * 1e9,
      holds: "below",
    },
    {
      role,
      quantity: "honest words beyond the tolerance",
      bound: crossing((honestOutlier) => income({ honestOutlier }), 0, 1),
      shipped: world.honestOutlier,
      holds: "below",
    },
    {
      role,
      quantity: "average outage in minutes, one a month",
      bound: crossing((outageLength) => income({ outageLength }), 0.1, 10_000),
      shipped: world.outageLength,
      holds: "below",
    },
  ];
}

function ofChallengers(context: Context): Bound[] {
  const { rules, world } = context;
  const price = rules.auditValue;
  const award = challengerAward(rules, price);
  const role = "challenger";
  return [
    {
      role,
      quantity: "share of own seats",
      bound: hostileSeats(rules, (hostile) => harassGain(context, hostile / rules.minPanel, award)),
      shipped: 0.2,
      holds: "below",
    },
    {
      role,
      quantity: "bond, against 30 % of the seats",
      bound: crossing((bond) => harassGain(context, 0.3, award, bond), 0, 10),
      shipped: rules.challengeBond,
      holds: "above",
    },
    {
      role,
      quantity: "false positives on prompts made for them",
      bound: crossing((rate) => rate * award - (1 - rate) * 2 * rules.challengeBond, 0, 1),
      shipped: world.falsePositive,
      holds: "below",
    },
  ];
}

/** Three acquittals, bought with all that they are worth to a cheat, against their penalty where clients appeal. */
function ofBribes(rules: Rules): Bound[] {
  const worth = rules.minStake + rules.auditValue;
  return [
    {
      role: "bribed seat",
      quantity: "share of false acquittals that clients find and appeal",
      bound: worth / (rules.firstTier * rules.contradictionPenalty),
      shipped: undefined,
      holds: "above",
    },
  ];
}

/** What the pool gains or loses on each token of price: fees, less the cases of the draw. */
export function poolIncome(rules: Rules, secondTierRate: number): number {
  const first = rules.openReward + rules.firstTier * rules.seatFee;
  const second = rules.secondTier * rules.seatFee;
  return rules.feeShare - (first + secondTierRate * second) / rules.auditValue;
}

function ofPool({ rules, world, gas }: Context): Bound[] {
  return [
    {
      role: "pool",
      quantity: "share of sound cases that go to tier two",
      bound: crossing((rate) => poolIncome(rules, rate), 0, 1),
      shipped: rules.firstTier * world.honestOutlier,
      holds: "below",
    },
    {
      role: "pool",
      quantity: "fee share, no tier two",
      bound: crossing((feeShare) => poolIncome({ ...rules, feeShare }, 0), 0, 1),
      shipped: rules.feeShare,
      holds: "above",
    },
    {
      role: "opener",
      quantity: "reward for opening a drawn case",
      bound: gas.open * world.gasPrice,
      shipped: rules.openReward,
      holds: "above",
    },
    {
      role: "answerer",
      quantity: "deposit of a demand for a full chunk",
      bound: ANSWER_GAS * world.gasPrice,
      shipped: rules.demandDeposit,
      holds: "above",
    },
  ];
}

/** Whether the shipped value lies on the honest side; true where there is none to judge. */
export function isKept({ bound, shipped, holds }: Bound): boolean {
  if (bound === undefined || shipped === undefined) return true;
  return holds === "above" ? shipped > bound : shipped < bound;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

/** All bounds of the region where honesty is the best reply. */
export function bounds(context: Context): Bound[] {
  return [
    ...ofCheats(context.rules),
    ...ofHonestProviders(context),
    ...ofSeats(context),
    ...ofBribes(context.rules),
    ...ofChallengers(context),
    ...ofPool(context),
  ];
}

/** Least stake that deters the worst burst, by detection. */
export function stakeNeeded(rules: Rules, auditValue: number, detection: number): number | undefined {
  const cap = rules.minStake * rules.exposureShare;
  return crossing(
    (minStake) => {
      const changed = { ...rules, auditValue, minStake, exposureShare: cap / minStake };
      const burst = Math.max(...[1, 10, 1_000].map((n) => burstGain(changed, { saving: 1, detection }, cap / n)));
      return Math.max(burst, streamingGain(changed, { saving: 1, detection }, 1));
    },
    cap,
    10_000,
  );
}
