import type { Hex } from "viem";
import type { IndexedPanelSeat } from "../types.ts";
import type { Handlers } from "./events.ts";
import { knownSeat, modelOf } from "./rows.ts";

/** Validators and the panels they sit on. Mirrors `Seats`. */
export const seatHandlers = {
  SeatStaked(state, { seat: number, owner, amount }, { timestamp: since }) {
    const seat = state.seats.editOr(number, () => {
      state.market.seats += 1;
      return { number, owner, stake: 0n, penalised: 0n, cases: 0, reveals: 0, since, panels: [] };
    });
    seat.stake += amount;
  },
  SeatWithdrawn(state, { seat, amount }) {
    knownSeat(state, seat).stake -= amount;
  },
  PanelOpened(state, { model }, { timestamp }) {
    modelOf(state, model).panelOpenedAt = timestamp;
  },
  /** A seat that comes back has its one place on the panel anew, maybe in another slot. */
  PanelJoined(state, { model, seat: number, slot }, { timestamp: joinedAt }) {
    modelOf(state, model).seats += 1;
    const seat = knownSeat(state, number);
    const place = { model, seat: number, slot: Number(slot), joinedAt, leftAt: undefined };
    seat.panels = withPlace(seat.panels, model, () => place);
  },
  PanelLeft(state, { model, seat: number }, { timestamp: leftAt }) {
    modelOf(state, model).seats -= 1;
    const seat = knownSeat(state, number);
    seat.panels = seat.panels.map((place) => (place.model === model ? { ...place, leftAt } : place));
  },
  /** The money moves by `PoolPaid`. */
  Claimed: () => undefined,
} satisfies Partial<Handlers>;

/** Places by model, so that the order tells nothing of who joined when. */
function withPlace(
  panels: readonly IndexedPanelSeat[],
  model: Hex,
  make: () => IndexedPanelSeat,
): readonly IndexedPanelSeat[] {
  const others = panels.filter((place) => place.model !== model);
  return [...others, make()].sort((a, b) => (a.model < b.model ? -1 : 1));
}
