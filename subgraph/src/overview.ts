import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { Court, Market } from "../generated/schema";

/** The market that told an event, as of that event. The caller saves it. */
export function marketOf(event: ethereum.Event): Market {
  return loadMarket(event.address, event);
}

/** The market whose court told an event, as of that event. The caller saves it. */
export function marketOfCourt(event: ethereum.Event): Market {
  const court = Court.load(event.address);
  assert(court != null, "The court's MarketBound lies before its startBlock: set it to the block of the deployment.");
  return loadMarket(court!.market, event);
}

/** The address of the court that a market is bound to: the money that `Collected` and `Paid` move is of its account. */
export function courtOf(market: Market): Bytes {
  const court = market.court;
  assert(court !== null, "The court's MarketBound lies before its startBlock: set it to the block of the deployment.");
  return court!;
}

/** A market by its address, created with its first event. The caller saves it. */
export function loadMarket(address: Bytes, event: ethereum.Event): Market {
  let market = Market.load(address);
  if (market == null) {
    market = new Market(address);
    market.pool = BigInt.zero();
    market.jobs = 0;
    market.openJobs = 0;
    market.volume = BigInt.zero();
    market.fees = BigInt.zero();
    market.refunded = BigInt.zero();
    market.penalties = BigInt.zero();
    market.slashed = BigInt.zero();
    market.burned = BigInt.zero();
    market.providers = 0;
    market.seats = 0;
    market.cases = 0;
    market.convictions = 0;
    market.receipts = 0;
  }
  market.updatedAt = event.block.timestamp;
  return market;
}
