import { Bytes, store } from "@graphprotocol/graph-ts";
import { Answered, DemandEnded, Demanded } from "../generated/Court/Court";
import { Demand, OpenDemand } from "../generated/schema";
import { knowAccount } from "./accounts";
import { marketOfCourt } from "./overview";
import { idOf } from "./steps";

export function handleDemanded(event: Demanded): void {
  const demand = new Demand(idOf(event));
  demand.job = event.params.job;
  demand.key = event.params.key;
  demand.demander = knowAccount(event.params.demander);
  demand.item = event.params.item;
  demand.chunk = event.params.chunk.toI32();
  demand.answerBy = event.params.answerBy;
  demand.demandedAt = event.block.timestamp;
  demand.defaulted = false;
  demand.save();

  const open = new OpenDemand(event.params.key);
  open.demand = demand.id;
  open.save();
  marketOfCourt(event).save();
}

export function handleAnswered(event: Answered): void {
  const demand = takeOpen(event.params.key);
  demand.answeredAt = event.block.timestamp;
  demand.save();
  marketOfCourt(event).save();
}

export function handleDemandEnded(event: DemandEnded): void {
  const demand = takeOpen(event.params.key);
  demand.endedAt = event.block.timestamp;
  demand.defaulted = event.params.isDefault;
  demand.save();
  marketOfCourt(event).save();
}

/** The open demand of a key, which is open no longer. */
function takeOpen(key: Bytes): Demand {
  const open = OpenDemand.load(key)!;
  store.remove("OpenDemand", key.toHexString());
  return Demand.load(open.demand)!;
}
