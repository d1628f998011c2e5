import { Address, BigInt } from "@graphprotocol/graph-ts";
import { Awarded, PenaltyPooled, Slashed, Staked, StakeWithdrawn, UnstakeRequested } from "../generated/Market/Market";
import { Provider } from "../generated/schema";
import { credit, least, loadAccount } from "./accounts";
import { marketOf } from "./overview";
import { BURN_ACCOUNT } from "./protocol";
import { loadProvider } from "./providers";
import { addSlashPoint } from "./statistics";

export function handleStaked(event: Staked): void {
  const market = marketOf(event);
  loadProvider(event.params.provider, market).save();
  market.save();

  const account = loadAccount(event.params.provider);
  account.balance = account.balance.minus(event.params.amount);
  account.stake = account.stake.plus(event.params.amount);
  account.save();
}

/** It tells all that is now unbonding. */
export function handleUnstakeRequested(event: UnstakeRequested): void {
  const account = loadAccount(event.params.provider);
  account.stake = account.stake.minus(event.params.amount.minus(account.unbonding));
  account.unbonding = event.params.amount;
  account.withdrawableAt = event.params.withdrawableAt;
  account.save();
  marketOf(event).save();
}

export function handleStakeWithdrawn(event: StakeWithdrawn): void {
  const account = loadAccount(event.params.provider);
  account.balance = account.balance.plus(event.params.amount);
  account.unbonding = BigInt.zero();
  account.withdrawableAt = BigInt.zero();
  account.save();
  marketOf(event).save();
}

/** The stake goes first, then what is unbonding. */
export function handleSlashed(event: Slashed): void {
  const amount = event.params.amount;
  const account = loadAccount(event.params.provider);
  const fromStake = least(amount, account.stake);
  account.stake = account.stake.minus(fromStake);
  account.unbonding = account.unbonding.minus(amount.minus(fromStake));
  account.save();
  credit(Address.fromString(BURN_ACCOUNT), event.params.burned);

  const provider = Provider.load(event.params.provider);
  if (provider != null) {
    provider.slashed = provider.slashed.plus(amount);
    provider.save();
  }
  const market = marketOf(event);
  market.slashed = market.slashed.plus(amount);
  market.burned = market.burned.plus(event.params.burned);
  market.save();
  addSlashPoint(market, event.params.provider, amount, event.params.burned);
}

export function handleAwarded(event: Awarded): void {
  credit(event.params.recipient, event.params.amount);
  marketOf(event).save();
}

export function handlePenaltyPooled(event: PenaltyPooled): void {
  const market = marketOf(event);
  market.pool = market.pool.plus(event.params.amount);
  market.save();
}
