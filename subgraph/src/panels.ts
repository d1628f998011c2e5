import { PanelJoined, PanelLeft, PanelOpened } from "../generated/Court/Court";
import { PanelSeat } from "../generated/schema";
import { loadModel } from "./models";
import { marketOfCourt } from "./overview";
import { loadSeat } from "./seats";

export function handlePanelOpened(event: PanelOpened): void {
  const model = loadModel(event.params.model);
  model.panelOpenedAt = event.block.timestamp;
  model.save();
  marketOfCourt(event).save();
}

/** A seat that comes back has its one place on the panel anew, maybe in another slot. */
export function handlePanelJoined(event: PanelJoined): void {
  const model = loadModel(event.params.model);
  model.seats += 1;
  model.save();
  marketOfCourt(event).save();

  const seat = loadSeat(event.params.seat.toI32());
  const place = new PanelSeat(model.id.concat(seat.id));
  place.model = model.id;
  place.seat = seat.id;
  place.slot = event.params.slot.toI32();
  place.joinedAt = event.block.timestamp;
  place.leftAt = null;
  place.save();
}

export function handlePanelLeft(event: PanelLeft): void {
  const model = loadModel(event.params.model);
  model.seats -= 1;
  model.save();
  marketOfCourt(event).save();

  const place = PanelSeat.load(model.id.concatI32(event.params.seat.toI32()))!;
  place.leftAt = event.block.timestamp;
  place.save();
}
