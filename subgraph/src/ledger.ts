import { BigInt } from "@graphprotocol/graph-ts";
import {
  Deposited,
  FeesCollected,
  PoolFunded,
  Released,
  ReleaseRequested,
  Reserved,
  ReserveSpent,
  Withdrawn,
} from "../generated/Market/Market";
import { ReserveDraw } from "../generated/schema";
import { credit, debit, least, loadAccount } from "./accounts";
import { marketOf } from "./overview";
import { idOf } from "./steps";

export function handleDeposited(event: Deposited): void {
  credit(event.params.beneficiary, event.params.amount);
  marketOf(event).save();
}

export function handleWithdrawn(event: Withdrawn): void {
  debit(event.params.account, event.params.amount);
  marketOf(event).save();
}

export function handleReserved(event: Reserved): void {
  const account = loadAccount(event.params.account);
  account.balance = account.balance.minus(event.params.amount);
  account.reserved = account.reserved.plus(event.params.amount);
  account.save();
  marketOf(event).save();
}

export function handleReleaseRequested(event: ReleaseRequested): void {
  const account = loadAccount(event.params.account);
  account.reserveLeaving = event.params.leaving;
  account.reserveReleasableAt = event.params.releasableAt;
  account.save();
  marketOf(event).save();
}

export function handleReleased(event: Released): void {
  const account = loadAccount(event.params.account);
  account.reserved = account.reserved.minus(event.params.amount);
  account.reserveLeaving = BigInt.zero();
  account.balance = account.balance.plus(event.params.amount);
  account.save();
  marketOf(event).save();
}

/** What is drawn becomes balance: the `JobPosted` that follows takes it. */
export function handleReserveSpent(event: ReserveSpent): void {
  const account = loadAccount(event.params.account);
  account.reserved = account.reserved.minus(event.params.amount);
  account.reserveLeaving = least(account.reserveLeaving, account.reserved);
  account.balance = account.balance.plus(event.params.amount);
  account.save();
  marketOf(event).save();

  const draw = new ReserveDraw(idOf(event));
  draw.account = event.params.account;
  draw.amount = event.params.amount;
  draw.timestamp = event.block.timestamp;
  draw.save();
}

export function handlePoolFunded(event: PoolFunded): void {
  debit(event.params.from, event.params.amount);
  const market = marketOf(event);
  market.pool = market.pool.plus(event.params.amount);
  market.save();
}

export function handleFeesCollected(event: FeesCollected): void {
  const account = loadAccount(event.params.provider);
  account.fees = account.fees.minus(event.params.amount);
  account.save();
  const market = marketOf(event);
  market.pool = market.pool.plus(event.params.amount);
  market.save();
}
