import { Collected, Encumbered, Paid, PoolPaid } from "../generated/Market/Market";
import { credit, debit, loadAccount } from "./accounts";
import { courtOf, marketOf } from "./overview";

export function handleCollected(event: Collected): void {
  const market = marketOf(event);
  market.save();
  debit(event.params.from, event.params.amount);
  credit(courtOf(market), event.params.amount);
}

export function handlePaid(event: Paid): void {
  const market = marketOf(event);
  market.save();
  debit(courtOf(market), event.params.amount);
  credit(event.params.to, event.params.amount);
}

export function handlePoolPaid(event: PoolPaid): void {
  const market = marketOf(event);
  market.pool = market.pool.minus(event.params.amount);
  market.save();
  credit(event.params.to, event.params.amount);
}

/** It tells the whole exposure, not the weight of the case. */
export function handleEncumbered(event: Encumbered): void {
  const account = loadAccount(event.params.provider);
  account.exposure = event.params.exposure;
  account.save();
  marketOf(event).save();
}
