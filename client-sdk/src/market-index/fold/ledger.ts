import type { Handlers } from "./events.ts";
import { accountOf, credit, lesser } from "./rows.ts";

/** Balances, reserves and the pool. Mirrors `Ledger`. */
export const ledgerHandlers = {
  Deposited: (state, { beneficiary, amount }) => credit(state, beneficiary, amount),
  Withdrawn: (state, { account, amount }) => credit(state, account, -amount),
  Reserved(state, { account, amount }) {
    const row = accountOf(state, account);
    row.balance -= amount;
    row.reserved += amount;
  },
  ReleaseRequested(state, { account, leaving, releasableAt }) {
    const row = accountOf(state, account);
    row.reserveLeaving = leaving;
    row.reserveReleasableAt = Number(releasableAt);
  },
  Released(state, { account, amount }) {
    const row = accountOf(state, account);
    row.reserved -= amount;
    row.reserveLeaving = 0n;
    row.balance += amount;
  },
  /** What is drawn becomes balance: the `JobPosted` that follows takes it. */
  ReserveSpent(state, { account, amount }) {
    const row = accountOf(state, account);
    row.reserved -= amount;
    row.reserveLeaving = lesser(row.reserveLeaving, row.reserved);
    row.balance += amount;
  },
  PoolFunded(state, { from, amount }) {
    credit(state, from, -amount);
    state.market.pool += amount;
  },
  FeesCollected(state, { provider, amount }) {
    accountOf(state, provider).fees -= amount;
    state.market.pool += amount;
  },
} satisfies Partial<Handlers>;
