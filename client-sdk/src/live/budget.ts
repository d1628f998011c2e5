import { greater, lesser } from "./amount.ts";
import { LiveError } from "./live-error.ts";
import type { Budget } from "./policy.ts";

/** What was spent and what lies in channels. Token units. */
export interface Spending {
  /** Charged, or signed for and not settled yet. */
  readonly spent: bigint;
  /** Put into channels, less what came back. */
  readonly deposited: bigint;
}

/** The spending with one provider, and with all of them together. */
export interface Spendings {
  readonly provider: Spending;
  readonly all: Spending;
}

/** Throws a {@link LiveError} `BUDGET_...` unless a call that may cost `reserve` keeps within the budget. */
export function requireWithin(budget: Budget, { provider, all }: Spendings, reserve: bigint): void {
  const { total, perCall, perProvider = total } = budget;
  const told = { reserve, spent: all.spent, spentWithProvider: provider.spent };
  if (perCall !== undefined && reserve > perCall) {
    const sentence = `The call may cost ${reserve}, more than the ${perCall} of the budget for one call: ask for fewer tokens.`;
    throw new LiveError("BUDGET_CALL", sentence, { details: { ...told, limit: perCall } });
  }
  if (all.spent + reserve > total) {
    const sentence = `The call may cost ${reserve}, and ${all.spent} of the whole budget of ${total} is spent: raise it.`;
    throw new LiveError("BUDGET_TOTAL", sentence, { details: { ...told, limit: total } });
  }
  if (provider.spent + reserve > perProvider) {
    const sentence = `The call may cost ${reserve}, and ${provider.spent} of the ${perProvider} for one provider is spent.`;
    throw new LiveError("BUDGET_PROVIDER", sentence, { details: { ...told, limit: perProvider } });
  }
}

/** What a deposit must do, and what it should. Token units. */
export interface DepositWish {
  /** What the voucher goes beyond the channel's balance. */
  readonly needed: bigint;
  /** What the receiver takes at least. */
  readonly least: bigint;
  /** What would spare the next deposits. */
  readonly wished: bigint;
}

/**
 * How much to put into a channel: as wished, within the budget.
 *
 * @throws LiveError `BUDGET_...` if even the least does not fit.
 */
export function depositWithin(
  budget: Budget,
  { provider, all }: Spendings,
  { needed, least, wished }: DepositWish,
): bigint {
  const { total, perProvider = total } = budget;
  const must = greater(needed, least);
  const left = { total: total - all.deposited, provider: perProvider - provider.deposited };
  const code = left.total < left.provider ? "BUDGET_TOTAL" : "BUDGET_PROVIDER";
  const room = lesser(left.total, left.provider);
  if (must > room) {
    const sentence = `The channel needs a deposit of ${must}, and the budget has room for ${room}: raise it, or withdraw from channels.`;
    throw new LiveError(code, sentence, { details: { must, room } });
  }
  return lesser(greater(wished, must), room);
}
