import type { Address, Hex } from "viem";
import { IndexError } from "../index-error.ts";
import type { IndexedAccount, IndexedModel, IndexedSeat } from "../types.ts";
import type { CaseRow, JobRow, Mutable, Place, ProviderRow, State } from "./state.ts";

// The rows that events of several subjects change.

/** An account of which nothing is known. */
export function emptyAccount(address: Address): Mutable<IndexedAccount> {
  return {
    address,
    ...{ balance: 0n, stake: 0n, exposure: 0n, fees: 0n },
    ...{ reserved: 0n, reserveLeaving: 0n, reserveReleasableAt: 0 },
    ...{ unbonding: 0n, withdrawableAt: 0 },
    ...{ bond: 0n, bondLeaving: 0n, bondWithdrawableAt: 0 },
  };
}

export function accountOf(state: State, address: Address): Mutable<IndexedAccount> {
  return state.accounts.editOr(address, () => emptyAccount(address));
}

/** Adds to a free balance; a negative amount takes off it. */
export function credit(state: State, address: Address, amount: bigint): void {
  accountOf(state, address).balance += amount;
}

/** The smaller of two amounts. */
export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) {
    return a;
  }
  return b;
}

/** A provider; the first that is heard of it counts it. */
export function providerOf(state: State, address: Address, { timestamp }: Place): ProviderRow {
  return state.providers.editOr(address, () => {
    state.market.providers += 1;
    return {
      address,
      ...{ uri: undefined, operator: undefined, cardUpdatedAt: undefined, since: timestamp },
      ...{ jobs: 0, completed: 0, unverified: 0, declined: 0, noShows: 0, rejected: 0 },
      ...{ earned: 0n, slashed: 0n, bondSlashed: 0n },
      ...{ cases: 0, convictions: 0, receipts: 0, doubleReceipts: 0 },
    };
  });
}

/** A model; made with the first that is heard of it. */
export function modelOf(state: State, id: Hex): Mutable<IndexedModel> {
  return state.models.editOr(id, () => {
    return { id, verified: false, panelOpenedAt: undefined, seats: 0, jobs: 0, volume: 0n };
  });
}

/** A job that was posted before. */
export function knownJob(state: State, id: Hex): JobRow {
  return state.jobs.edit(id) ?? throwUnknown("job", id);
}

/** A case that was opened before. */
export function knownCase(state: State, id: Hex): CaseRow {
  return state.cases.edit(id) ?? throwUnknown("case", id);
}

/** A seat that somebody took before. */
export function knownSeat(state: State, number: number): Mutable<IndexedSeat> {
  return state.seats.edit(number) ?? throwUnknown("seat", number);
}

/** The start of what is told of something lies before `fromBlock`, or was left out. */
export function throwUnknown(kind: string, id: Hex | number): never {
  const sentence =
    `An event tells of a ${kind} ${id} that no earlier event told of: \`fromBlock\` must not be later than the market's ` +
    "deployment, and the RPC server must not leave logs out.";
  throw new IndexError("INDEX_EVENTS_INCONSISTENT", sentence, { details: { kind, id } });
}
