import { BASIS_POINTS } from "@touchstone/sdk/protocol";

export interface StakeState {
  /** Token units, as all amounts here. */
  readonly stake: bigint;
  readonly exposure: bigint;
  readonly minStake: bigint;
  /** Basis points of the stake that prices under way may reach. */
  readonly exposureShare: number;
}

/** What may be asked back of a stake now: all without work under way, else what that work does not need. Mirrors `requestUnstake`. */
export function freeStake({ stake, exposure, minStake, exposureShare }: StakeState): bigint {
  if (exposure === 0n) {
    return stake;
  }
  const share = BigInt(exposureShare);
  const needed = (exposure * BASIS_POINTS + share - 1n) / share;
  const kept = needed > minStake ? needed : minStake;
  return stake > kept ? stake - kept : 0n;
}

/** As much of a seat as says whether its stake can be taken back. Times in unix seconds. */
export interface SeatPanels {
  readonly panels: readonly { readonly leftAt: number | undefined }[];
}

/** When a seat's stake is free: nothing while it serves on a panel, else so long after it left the last one. */
export function seatFreeAt({ panels }: SeatPanels, seatUnbonding: number): number | undefined {
  const times = panels.map(({ leftAt }) => leftAt);
  if (times.includes(undefined)) {
    return undefined;
  }
  const last = Math.max(0, ...times.map((time) => time ?? 0));
  return last === 0 ? 0 : last + seatUnbonding;
}
