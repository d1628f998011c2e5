import type { Engine } from "../../engine/engine.ts";
import { CallQueue, type QueueLimits } from "./queue.ts";

/** A model that is sold by the call. */
export interface Offer {
  readonly engine: Engine;
  readonly queue: CallQueue;
}

/** Offers by the name and by the id of their model. */
export type Offers = ReadonlyMap<string, Offer>;

/** Puts models on offer, each with a line of its own. */
export function createOffers(engines: readonly Engine[], limits: QueueLimits): Offers {
  const offers = new Map<string, Offer>();
  for (const engine of engines) {
    const offer = { engine, queue: new CallQueue(limits) };
    offers.set(engine.model.name, offer);
    offers.set(engine.model.id, offer);
  }
  return offers;
}
