import type { Hex } from "viem";
import { FIRST_TIER_SEATS } from "../../protocol/generated/constants.ts";
import { Verdict } from "../../protocol/generated/enums.ts";
import type { IndexedCase, IndexedCaseSeat } from "../types.ts";
import type { Handlers } from "./events.ts";
import { knownCase, knownSeat, providerOf, throwUnknown } from "./rows.ts";
import type { CaseRow, State } from "./state.ts";
import { countCase } from "./statistics.ts";

const CONVICTIONS: readonly number[] = [Verdict.Convicted, Verdict.Withheld];

/** Cases, their seats and words. Mirrors `Cases`, `Words` and `Dockets`. */
export const caseHandlers = {
  CaseOpened(state, { caseId: id, job, opener, key }, place) {
    const parties = partiesOf(state, id, job);
    state.cases.editOr(id, () => ({
      ...{ id, job, opener, key, tier: 0, verdict: Verdict.None, isOpen: true, slashed: 0n },
      ...{ openedAt: place.timestamp, closedAt: undefined, seats: [], steps: [] },
      ...parties,
    }));
    state.market.cases += 1;
    providerOf(state, parties.provider, place).cases += 1;
    countCase(state, "opened", place);
  },
  CasePinned(state, { caseId, tier }) {
    knownCase(state, caseId).tier = tier;
  },
  CaseSeated(state, { caseId, tier, seats }) {
    const first = tier === 1 ? 0 : FIRST_TIER_SEATS;
    const drawn = seats.flatMap((seat, index) => (seat === 0 ? [] : [newSeat(caseId, seat, first + index)]));
    for (const { seat } of drawn) {
      knownSeat(state, seat).cases += 1;
    }
    const row = knownCase(state, caseId);
    row.tier = tier;
    row.seats = [...row.seats, ...drawn];
  },
  WordCommitted(state, { caseId, position, commitment }, { timestamp }) {
    change(knownCase(state, caseId), Number(position), () => ({ commitment, committedAt: timestamp }));
  },
  WordRevealed(state, { caseId, seat, position, word }, { timestamp }) {
    change(knownCase(state, caseId), Number(position), () => ({ word, revealedAt: timestamp }));
    knownSeat(state, seat).reveals += 1;
  },
  SeatDenounced(state, { caseId, seat }) {
    const row = knownCase(state, caseId);
    change(row, placeOf(row, seat), () => ({ denounced: true }));
  },
  SeatPenalised(state, { seat, caseId, amount }) {
    const row = knownCase(state, caseId);
    change(row, placeOf(row, seat), ({ penalty }) => ({ penalty: penalty + amount }));
    const fined = knownSeat(state, seat);
    fined.stake -= amount;
    fined.penalised += amount;
  },
  /** Its tier follows with a `CasePinned`. */
  CaseAppealed: () => undefined,
  CaseClosed(state, { caseId, verdict, slashed }, place) {
    const row = knownCase(state, caseId);
    Object.assign(row, { verdict, slashed, isOpen: false, closedAt: place.timestamp });
    countCase(state, "closed", place);
    if (CONVICTIONS.includes(verdict)) {
      state.market.convictions += 1;
      providerOf(state, row.provider, place).convictions += 1;
      countCase(state, "convictions", place);
    }
  },
} satisfies Partial<Handlers>;

/** Of the job, or of the receipt that stands for one and was brought right before. */
function partiesOf(
  state: State,
  caseId: Hex,
  id: Hex,
): Pick<IndexedCase, "provider" | "model" | "client" | "isReceipt"> {
  const receipt = state.receipts.edit(id);
  if (receipt !== undefined) {
    receipt.case = caseId;
    const { provider, model, payer: client } = receipt;
    return { provider, model, client, isReceipt: true };
  }
  const job = state.jobs.get(id);
  if (job?.provider === undefined) {
    throwUnknown("job", id);
  }
  const { provider, model, client } = job;
  return { provider, model, client, isReceipt: false };
}

function newSeat(caseId: Hex, seat: number, position: number): IndexedCaseSeat {
  const unsaid = { commitment: undefined, word: undefined, committedAt: undefined, revealedAt: undefined };
  return { case: caseId, seat, position, ...unsaid, penalty: 0n, denounced: false };
}

/**
 * Where a seat sits in a case: its highest position. Only one that was denounced in tier one, and staked anew, can have two, and the
 * first of them is over then.
 */
function placeOf({ id, seats }: CaseRow, seat: number): number {
  return seats.findLast((one) => one.seat === seat)?.position ?? throwUnknown("seat of case", id);
}

function change(row: CaseRow, position: number, by: (seat: IndexedCaseSeat) => Partial<IndexedCaseSeat>): void {
  if (!row.seats.some((seat) => seat.position === position)) {
    throwUnknown("seat of case", row.id);
  }
  row.seats = row.seats.map((seat) => (seat.position === position ? { ...seat, ...by(seat) } : seat));
}
