import { MarketBound } from "../generated/Court/Court";
import { Court } from "../generated/schema";
import { loadMarket } from "./overview";

export function handleMarketBound(event: MarketBound): void {
  const market = loadMarket(event.params.market, event);
  market.court = event.address;
  market.save();

  const court = new Court(event.address);
  court.market = event.params.market;
  court.save();
}
