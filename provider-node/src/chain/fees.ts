import { NodeError } from "../errors.ts";

/** What a transaction bids, wei (EIP-1559). */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** What the market for block space asks now, wei. */
export interface FeeMarket {
  readonly baseFee: bigint;
  readonly tip: bigint;
}

/** Nodes take a replacement only if it bids at least a tenth more. */
const LEAST_RAISE = 110n;
const RAISE = 120n;
const PERCENT = 100n;

/**
 * The bid of a new transaction: good for six full blocks in a row, and never over the cap.
 *
 * @throws NodeError `FEE_ABOVE_CAP` if not even the next block can be had for the cap.
 */
export function firstFees({ baseFee, tip }: FeeMarket, cap: bigint): Fees {
  if (baseFee > cap) {
    const sentence = "Gas costs more than this node may bid. It waits; raise `maxFeePerGas` to go on now.";
    throw new NodeError("FEE_ABOVE_CAP", sentence, { details: { baseFee, cap } });
  }
  return capped({ maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip }, cap);
}

/** The bid of a replacement: a fifth more, or what the market asks if that is more; nothing if the cap forbids it. */
export function raisedFees(before: Fees, { baseFee, tip }: FeeMarket, cap: bigint): Fees | undefined {
  const raised = {
    maxFeePerGas: max(share(before.maxFeePerGas, RAISE), 2n * baseFee + tip),
    maxPriorityFeePerGas: max(share(before.maxPriorityFeePerGas, RAISE), tip),
  };
  const fees = capped(raised, cap);
  const isEnough =
    fees.maxFeePerGas >= share(before.maxFeePerGas, LEAST_RAISE) &&
    fees.maxPriorityFeePerGas >= share(before.maxPriorityFeePerGas, LEAST_RAISE);
  return isEnough ? fees : undefined;
}

function capped({ maxFeePerGas, maxPriorityFeePerGas }: Fees, cap: bigint): Fees {
  const fee = min(maxFeePerGas, cap);
  return { maxFeePerGas: fee, maxPriorityFeePerGas: min(maxPriorityFeePerGas, fee) };
}

/** Rounded up, so that a bid of one wei rises too. */
function share(amount: bigint, percent: bigint): bigint {
  return (amount * percent + PERCENT - 1n) / PERCENT;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
