import { type Address, zeroAddress } from "viem";
import type { Handlers } from "./events.ts";
import { accountOf, credit } from "./rows.ts";
import type { State } from "./state.ts";

/** What the court moves. Mirrors `CourtAccount`. */
export const courtAccountHandlers = {
  Collected(state, { from, amount }) {
    credit(state, from, -amount);
    credit(state, courtOf(state), amount);
  },
  Paid(state, { to, amount }) {
    credit(state, courtOf(state), -amount);
    credit(state, to, amount);
  },
  PoolPaid(state, { to, amount }) {
    state.market.pool -= amount;
    credit(state, to, amount);
  },
  /** It tells the whole exposure, not the weight of the case. */
  Encumbered(state, { provider, exposure }) {
    accountOf(state, provider).exposure = exposure;
  },
  /** Which court it is was asked of the market. */
  MarketBound: () => undefined,
} satisfies Partial<Handlers>;

/** Only a court makes the market tell such events. */
function courtOf({ court }: State): Address {
  return court ?? zeroAddress;
}
