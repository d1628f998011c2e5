import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../lib/paths.ts";
import { publicCourtParameters as courtParameters, publicParameters } from "../../network/parameters.ts";

const TOKEN = 1e6;
const BASIS_POINTS = 1e4;
const MINUTE = 60;

const tokens = (units: bigint) => Number(units) / TOKEN;

/** What the contracts fix. Amounts in tokens, shares of one, times in minutes. */
export interface Rules {
  readonly minStake: number;
  readonly exposureShare: number;
  readonly feeShare: number;
  readonly noShowShare: number;
  readonly auditValue: number;
  readonly seatStake: number;
  readonly seatFee: number;
  readonly openReward: number;
  readonly challengeBond: number;
  readonly demandDeposit: number;
  readonly absentPenalty: number;
  readonly outlierPenalty: number;
  readonly contradictionPenalty: number;
  readonly minPanel: number;
  readonly commitWindow: number;
  readonly revealWindow: number;
  readonly answerWindow: number;
  readonly appealWindow: number;
  readonly seatUnbonding: number;
  readonly maxChallengeWindow: number;
  readonly unbondingPeriod: number;
  /** Of a slash: to whoever challenged or appealed. Fixed in the court's code. */
  readonly challengerShare: number;
  readonly firstTier: number;
  readonly secondTier: number;
  readonly quorum: number;
}

export const RULES: Rules = {
  minStake: tokens(publicParameters.minStake),
  exposureShare: publicParameters.exposureShare / BASIS_POINTS,
  feeShare: publicParameters.feeShare / BASIS_POINTS,
  noShowShare: publicParameters.noShowShare / BASIS_POINTS,
  auditValue: tokens(courtParameters.auditValue),
  seatStake: tokens(courtParameters.seatStake),
  seatFee: tokens(courtParameters.seatFee),
  openReward: tokens(courtParameters.openReward),
  challengeBond: tokens(courtParameters.challengeBond),
  demandDeposit: tokens(courtParameters.demandDeposit),
  absentPenalty: tokens(courtParameters.absentPenalty),
  outlierPenalty: tokens(courtParameters.outlierPenalty),
  contradictionPenalty: tokens(courtParameters.contradictionPenalty),
  minPanel: courtParameters.minPanel,
  commitWindow: courtParameters.commitWindow / MINUTE,
  revealWindow: courtParameters.revealWindow / MINUTE,
  answerWindow: courtParameters.answerWindow / MINUTE,
  appealWindow: courtParameters.appealWindow / MINUTE,
  seatUnbonding: courtParameters.seatUnbonding / MINUTE,
  maxChallengeWindow: publicParameters.maxChallengeWindow / MINUTE,
  unbondingPeriod: publicParameters.unbondingPeriod / MINUTE,
  challengerShare: 0.2,
  firstTier: 3,
  secondTier: 9,
  quorum: 6,
};

/** What is assumed of the world outside. Amounts in tokens, times in minutes. */
export interface World {
  /** Tokens for a unit of gas: 0.01 gwei at 3,000 tokens an ether. An assumption; not measured. */
  readonly gasPrice: number;
  /** Of an honest provider's price, what the work costs it. */
  readonly costShare: number;
  /** Price of a million output tokens; a case re-checks 512. */
  readonly pricePerMillion: number;
  /** Cost of the checking pass against decoding the same tokens. */
  readonly checkRatio: number;
  /** Probability that a case convicts an honest provider, all words honest. */
  readonly falsePositive: number;
  /** Probability that an honest word lies beyond the tolerance. */
  readonly honestOutlier: number;
  /** An honest machine fails once in so long, for so long on average. */
  readonly outageEvery: number;
  readonly outageLength: number;
}

export const WORLD: World = {
  gasPrice: 3e-8,
  costShare: 0.7,
  pricePerMillion: 1,
  checkRatio: 0.45,
  falsePositive: 1e-4,
  honestOutlier: 1e-4,
  outageEvery: 30 * 24 * 60,
  outageLength: 15,
};

/** Gas of what agents do. The goal for a whole acquitting case of tier one is 600,000. */
export interface CaseGas {
  readonly source: "bench/gas.json" | "the goal";
  readonly firstTierCase: number;
  readonly open: number;
  readonly word: number;
  readonly job: number;
  readonly demand: number;
}

const GOAL = 600_000;

/** Reads what the gas bench measured, and takes the goal for what it has not. */
export function readCaseGas(): CaseGas {
  const measured = JSON.parse(readFileSync(path.join(ROOT, "bench", "gas.json"), "utf8")) as Record<string, number>;
  const firstTierCase = measured.caseTier1 ?? GOAL;
  return {
    source: measured.caseTier1 === undefined ? "the goal" : "bench/gas.json",
    firstTierCase,
    // Opening draws three seats and locks the job: taken as a quarter; the three seats share the rest but the closing.
    open: firstTierCase / 4,
    word: (firstTierCase * 0.65) / 3,
    job: measured.job2tx as number,
    demand: 100_000,
  };
}

/** Cost of a seat's word: gas, and one pass over 512 tokens. */
export function wordCost(world: World, gas: CaseGas): number {
  return gas.word * world.gasPrice + checkCost(world);
}

/** Cost of the checking pass alone. */
export function checkCost(world: World): number {
  return 512 * (world.pricePerMillion / 1e6) * world.costShare * world.checkRatio;
}

/** Probability that a machine is down during the whole of a window: outages come at random, their length is exponential. */
export function missProbability(world: World, window: number): number {
  const downShare = world.outageLength / (world.outageEvery + world.outageLength);
  return downShare * Math.exp(-window / world.outageLength);
}

/** Probability that a drawn case covers a job. */
export function drawProbability(rules: Rules, price: number): number {
  return Math.min(1, price / rules.auditValue);
}
