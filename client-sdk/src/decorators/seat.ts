import { commitWord } from "../actions/commit-word.ts";
import { demandForCase } from "../actions/demand-for-case.ts";
import type { WriteClient } from "../actions/internal/clients.ts";
import { joinPanel } from "../actions/join-panel.ts";
import { leavePanel } from "../actions/leave-panel.ts";
import { openPanel } from "../actions/open-panel.ts";
import { revealWord } from "../actions/reveal-word.ts";
import { setOperator } from "../actions/set-operator.ts";
import { stakeSeat } from "../actions/stake-seat.ts";
import { withdrawSeat } from "../actions/withdraw-seat.ts";
import { type AccountActions, accountActions } from "./account.ts";
import { type Bound, bind, type DecoratorParameters } from "./bound.ts";

/** What validators and their operators can do. */
export type SeatActions = AccountActions & {
  /** Commits a seat to its word of a case. */
  readonly commitWord: Bound<typeof commitWord>;
  /** Demands what a seat has to check next and cannot fetch. */
  readonly demandForCase: Bound<typeof demandForCase>;
  /** Takes a slot on a model's panel. */
  readonly joinPanel: Bound<typeof joinPanel>;
  /** Leaves a model's panel. */
  readonly leavePanel: Bound<typeof leavePanel>;
  /** Opens the panel of a model, so that seats may join it. */
  readonly openPanel: Bound<typeof openPanel>;
  /** Reveals the word that a seat committed to. */
  readonly revealWord: Bound<typeof revealWord>;
  /** Lets a key act for the calling seat's account; it can never withdraw. */
  readonly setOperator: Bound<typeof setOperator>;
  /** Moves free balance of the caller into the stake of its seat. */
  readonly stakeSeat: Bound<typeof stakeSeat>;
  /** Takes the whole stake of the caller's seat back, once it has left all panels for long enough. */
  readonly withdrawSeat: Bound<typeof withdrawSeat>;
};

/**
 * Extends a viem client with an account by what validators and their operators do.
 *
 * @example
 * const validator = createWalletClient({ account, chain, transport: http() }).extend(seatActions({ market }));
 * await validator.stakeSeat({ amount: 50_000_000n });
 */
export function seatActions(on: DecoratorParameters): (client: WriteClient) => SeatActions {
  return (client) => ({
    ...accountActions(on)(client),
    commitWord: bind(commitWord, client, on),
    demandForCase: bind(demandForCase, client, on),
    joinPanel: bind(joinPanel, client, on),
    leavePanel: bind(leavePanel, client, on),
    openPanel: bind(openPanel, client, on),
    revealWord: bind(revealWord, client, on),
    setOperator: bind(setOperator, client, on),
    stakeSeat: bind(stakeSeat, client, on),
    withdrawSeat: bind(withdrawSeat, client, on),
  });
}
