/** What a market is deployed with, by kind of network. Amounts in token units of 6 decimals, times in seconds. */
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
  unbondingPeriod: 60,
  releaseDelay: 10,
  minChallengeWindow: 2,
  maxChallengeWindow: 30,
};
