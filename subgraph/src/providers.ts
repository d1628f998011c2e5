import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { OperatorSet, ProviderUpdated } from "../generated/Market/Market";
import { Market, OperatorKey, Provider } from "../generated/schema";
import { knowAccount } from "./accounts";
import { marketOf } from "./overview";

/** The provider of an address; the first that is heard of it counts it in the market. The caller saves both. */
export function loadProvider(address: Bytes, market: Market): Provider {
  let provider = Provider.load(address);
  if (provider == null) {
    provider = new Provider(address);
    provider.account = knowAccount(address);
    provider.uri = "";
    provider.since = market.updatedAt;
    provider.jobs = 0;
    provider.completed = 0;
    provider.unverified = 0;
    provider.declined = 0;
    provider.noShows = 0;
    provider.rejected = 0;
    provider.earned = BigInt.zero();
    provider.slashed = BigInt.zero();
    provider.bondSlashed = BigInt.zero();
    provider.cases = 0;
    provider.convictions = 0;
    provider.receipts = 0;
    provider.doubleReceipts = 0;
    market.providers += 1;
  }
  return provider;
}

export function handleOperatorSet(event: OperatorSet): void {
  marketOf(event).save();
  const key = new OperatorKey(event.params.provider.concat(event.params.operator));
  key.provider = knowAccount(event.params.provider);
  key.operator = event.params.operator;
  key.validFrom = event.params.validFrom;
  key.validUntil = event.params.validUntil;
  key.save();
}

export function handleProviderUpdated(event: ProviderUpdated): void {
  const market = marketOf(event);
  const provider = loadProvider(event.params.provider, market);
  provider.uri = event.params.uri;
  provider.operator = event.params.operator;
  provider.cardUpdatedAt = event.block.timestamp;
  provider.save();
  market.save();
}
