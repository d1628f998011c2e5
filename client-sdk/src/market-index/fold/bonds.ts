import type { Handlers } from "./events.ts";
import { accountOf, lesser, providerOf } from "./rows.ts";
import { countSlash } from "./statistics.ts";

/** Live bonds; their money moves by `Collected` and `Paid`. Mirrors `Bonds` and `Sureties`. */
export const bondHandlers = {
  BondPosted(state, { provider, amount }, place) {
    providerOf(state, provider, place);
    accountOf(state, provider).bond += amount;
  },
  BondExitRequested(state, { provider, leaving, withdrawableAt }) {
    const row = accountOf(state, provider);
    row.bondLeaving = leaving;
    row.bondWithdrawableAt = Number(withdrawableAt);
  },
  BondWithdrawn(state, { provider, amount }) {
    const row = accountOf(state, provider);
    row.bond -= amount;
    row.bondLeaving = 0n;
  },
  /** What is leaving goes last. */
  BondSlashed(state, { provider, amount, burned }, place) {
    const row = accountOf(state, provider);
    row.bond -= amount;
    row.bondLeaving = lesser(row.bondLeaving, row.bond);
    countSlash(state, { provider, amount, burned }, place);
    const known = state.providers.edit(provider);
    if (known !== undefined) {
      known.bondSlashed += amount;
    }
  },
} satisfies Partial<Handlers>;
