/** What a market is deployed with. Amounts in token units of 6 decimals, times in seconds. */
export interface MarketParameters {
  readonly minStake: bigint;
  readonly exposureShare: number;
  readonly feeShare: number;
  readonly noShowShare: number;
  readonly noShowFloor: bigint;
  readonly declineShare: number;
  readonly declineGrace: number;
  readonly unbondingPeriod: number;
  readonly releaseDelay: number;
  readonly minChallengeWindow: number;
  readonly maxChallengeWindow: number;
  readonly maxAcceptDelay: number;
  readonly maxSubmitWithin: number;
}

/** What a court is deployed with. Amounts in token units of 6 decimals, times in seconds. */
export interface CourtParameters {
  readonly auditValue: bigint;
  readonly seatStake: bigint;
  readonly seatFee: bigint;
  readonly openReward: bigint;
  readonly challengeBond: bigint;
  readonly demandDeposit: bigint;
  readonly absentPenalty: bigint;
  readonly outlierPenalty: bigint;
  readonly contradictionPenalty: bigint;
  readonly minBond: bigint;
  readonly seatMinAge: number;
  readonly seatUnbonding: number;
  readonly commitWindow: number;
  readonly revealWindow: number;
  readonly appealWindow: number;
  readonly answerWindow: number;
  readonly receiptLifetime: number;
  readonly bondDelay: number;
  readonly drawDelay: number;
  readonly minPanel: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Public networks. The arithmetic behind each line is in docs/protocol.md and docs/threats.md. */
export const publicParameters: MarketParameters = {
  minStake: 25_000_000n,
  exposureShare: 2_000,
  feeShare: 200,
  noShowShare: 500,
  noShowFloor: 10_000n,
  declineShare: 100,
  declineGrace: 5 * MINUTE,
  unbondingPeriod: 72 * HOUR,
  releaseDelay: 15 * MINUTE,
  minChallengeWindow: 15 * MINUTE,
  maxChallengeWindow: 4 * HOUR,
  maxAcceptDelay: 30 * DAY,
  maxSubmitWithin: 30 * DAY,
};

/** Local networks: the same rules with windows of seconds, so that nothing has to move the clock. */
export const localParameters: MarketParameters = {
  ...publicParameters,
  declineGrace: 10,
  unbondingPeriod: 30 * MINUTE,
  releaseDelay: 10,
  minChallengeWindow: 2,
  maxChallengeWindow: 30,
};

/** The court of public networks, with the arithmetic of each line. */
export const publicCourtParameters: CourtParameters = {
  // A case of tier one costs 0.01 + 3 x 0.02 = 0.07, drawn with price / 5: 1.4 % of every price, under the fee of 2 %.
  auditValue: 5_000_000n,
  // Two contradicted acquittals, or ten absences.
  seatStake: 50_000_000n,
  // One prefill of some 512 tokens and their prompts, and two small transactions: a cent or less each.
  seatFee: 20_000n,
  // The gas of one transaction on a chain where that is under a cent.
  openReward: 10_000n,
  // Seven times the 3 fees and the reward of an acquitting case, so that no client doubts for sport.
  challengeBond: 500_000n,
  // A chunk of 53,248 bytes at 40 gas a byte (EIP-7623) is 2.1 million gas, 0.064 at 30 nanotokens; half as much again.
  demandDeposit: 100_000n,
  // 250 fees: one absence in 250 cases takes what the others earned.
  absentPenalty: 5_000_000n,
  // As an absence, so that a seat without a word of its own gains nothing by a guessed one.
  outlierPenalty: 5_000_000n,
  // Three bribed acquittals lose 75 where a conviction would have cost the provider 25.
  contradictionPenalty: 25_000_000n,
  // A payer who proves a false receipt has a fifth, 2: four times the challenge bond. 1,000 calls of 0.01 each.
  minBond: 10_000_000n,
  // A day: nobody takes seats for a job that it has seen.
  seatMinAge: 24 * HOUR,
  // As a provider's: 12 demands x (240 + 30) + 2 x (30 + 30) + 15 + 240 of challenge = 3,615 of 4,320 minutes.
  seatUnbonding: 72 * HOUR,
  // A fetch of at most 12 items and one prefill each, on a machine that serves customers besides.
  commitWindow: 30 * MINUTE,
  // One transaction; as long as the commits, for a committed seat that does not reveal loses the most.
  revealWindow: 30 * MINUTE,
  // As the shortest challenge window.
  appealWindow: 15 * MINUTE,
  // Long enough to notice and restart a node; at most 298 minutes, for the sum at `seatUnbonding` to fit into 72 hours.
  answerWindow: 4 * HOUR,
  // Time to have one of 500 receipts re-checked elsewhere; what seats may ask for is kept no longer.
  receiptLifetime: 24 * HOUR,
  // As stakes: three times a receipt's life; while a case is open it stays anyway.
  bondDelay: 72 * HOUR,
  // 16 seconds of blocks of 2 seconds: deeper than the reorganisations of the chains that are meant.
  drawDelay: 8,
  // 12 seats a case: a fifth of 40 in one hand holds 3 given seats of tier one in 56 of 9,880 draws, 0.6 %.
  minPanel: 40,
};

/**
 * The court of local networks: the same rules with windows of seconds and the smallest panels. Phases end early when
 * all seats have acted, so the windows are what a slow machine may need. A job of 0.10 or more is certain to be drawn.
 */
export const localCourtParameters: CourtParameters = {
  ...publicCourtParameters,
  auditValue: 100_000n,
  seatMinAge: 2,
  // 12 x (30 + 60) + 2 x (60 + 60) + 5 + 30 of challenge = 1,355 of 1,800 seconds.
  seatUnbonding: 30 * MINUTE,
  commitWindow: 60,
  revealWindow: 60,
  appealWindow: 5,
  answerWindow: 30,
  receiptLifetime: 10 * MINUTE,
  bondDelay: 30 * MINUTE,
  drawDelay: 2,
  minPanel: 12,
};
