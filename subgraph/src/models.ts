import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { ModelVerified } from "../generated/Market/Market";
import { Model } from "../generated/schema";
import { marketOf } from "./overview";

/** A model by its id, created with the first that is heard of it. The caller saves it. */
export function loadModel(id: Bytes): Model {
  let model = Model.load(id);
  if (model == null) {
    model = new Model(id);
    model.verified = false;
    model.seats = 0;
    model.jobs = 0;
    model.volume = BigInt.zero();
  }
  return model;
}

export function handleModelVerified(event: ModelVerified): void {
  const model = loadModel(event.params.model);
  model.verified = event.params.verified;
  model.save();
  marketOf(event).save();
}
