import { BURN_ACCOUNT } from "../../protocol/generated/constants.ts";
import type { Handlers } from "./events.ts";
import { accountOf, credit, lesser, modelOf, providerOf } from "./rows.ts";
import { countSlash } from "./statistics.ts";

/** The key of an operator key's row. */
export function operatorId({ provider, operator }: { readonly provider: string; readonly operator: string }): string {
  return `${provider}/${operator}`;
}

/** Stakes, operator keys, cards and slashes. Mirrors `Staking`. */
export const stakingHandlers = {
  Staked(state, { provider, amount }, place) {
    providerOf(state, provider, place);
    const row = accountOf(state, provider);
    row.balance -= amount;
    row.stake += amount;
  },
  /** It tells all that is now unbonding. */
  UnstakeRequested(state, { provider, amount, withdrawableAt }) {
    const row = accountOf(state, provider);
    row.stake -= amount - row.unbonding;
    row.unbonding = amount;
    row.withdrawableAt = Number(withdrawableAt);
  },
  StakeWithdrawn(state, { provider, amount }) {
    const row = accountOf(state, provider);
    row.balance += amount;
    row.unbonding = 0n;
    row.withdrawableAt = 0;
  },
  /** Owners of seats name operators, too: it makes nobody a provider. */
  OperatorSet(state, { provider, operator, validFrom, validUntil }) {
    const times = { validFrom: Number(validFrom), validUntil: Number(validUntil) };
    const row = state.operators.editOr(operatorId({ provider, operator }), () => ({ provider, operator, ...times }));
    Object.assign(row, times);
  },
  ProviderUpdated(state, { provider, operator, uri }, place) {
    const card = { uri: uri === "" ? undefined : uri, operator, cardUpdatedAt: place.timestamp };
    Object.assign(providerOf(state, provider, place), card);
  },
  /** The stake goes first, then what is unbonding. */
  Slashed(state, { provider, amount, burned }, place) {
    const row = accountOf(state, provider);
    const fromStake = lesser(amount, row.stake);
    row.stake -= fromStake;
    row.unbonding -= amount - fromStake;
    credit(state, BURN_ACCOUNT, burned);
    countSlash(state, { provider, amount, burned }, place);
  },
  Awarded: (state, { recipient, amount }) => credit(state, recipient, amount),
  PenaltyPooled(state, { amount }) {
    state.market.pool += amount;
  },
  ModelVerified(state, { model, verified }) {
    modelOf(state, model).verified = verified;
  },
} satisfies Partial<Handlers>;
