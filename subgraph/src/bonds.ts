import { BigInt } from "@graphprotocol/graph-ts";
import { BondExitRequested, BondPosted, BondSlashed, BondWithdrawn } from "../generated/Court/Court";
import { Provider } from "../generated/schema";
import { least, loadAccount } from "./accounts";
import { marketOfCourt } from "./overview";
import { loadProvider } from "./providers";
import { addSlashPoint } from "./statistics";

// The money itself moves by `Collected` and `Paid`.

export function handleBondPosted(event: BondPosted): void {
  const market = marketOfCourt(event);
  loadProvider(event.params.provider, market).save();
  market.save();

  const account = loadAccount(event.params.provider);
  account.bond = account.bond.plus(event.params.amount);
  account.save();
}

export function handleBondExitRequested(event: BondExitRequested): void {
  const account = loadAccount(event.params.provider);
  account.bondLeaving = event.params.leaving;
  account.bondWithdrawableAt = event.params.withdrawableAt;
  account.save();
  marketOfCourt(event).save();
}

export function handleBondWithdrawn(event: BondWithdrawn): void {
  const account = loadAccount(event.params.provider);
  account.bond = account.bond.minus(event.params.amount);
  account.bondLeaving = BigInt.zero();
  account.save();
  marketOfCourt(event).save();
}

/** What is leaving goes last. */
export function handleBondSlashed(event: BondSlashed): void {
  const amount = event.params.amount;
  const account = loadAccount(event.params.provider);
  account.bond = account.bond.minus(amount);
  account.bondLeaving = least(account.bondLeaving, account.bond);
  account.save();

  const provider = Provider.load(event.params.provider);
  if (provider != null) {
    provider.slashed = provider.slashed.plus(amount);
    provider.bondSlashed = provider.bondSlashed.plus(amount);
    provider.save();
  }
  const market = marketOfCourt(event);
  market.slashed = market.slashed.plus(amount);
  market.burned = market.burned.plus(event.params.burned);
  market.save();
  addSlashPoint(market, event.params.provider, amount, event.params.burned);
}
