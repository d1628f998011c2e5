import { Bytes } from "@graphprotocol/graph-ts";
import { SeatDenounced, WordCommitted, WordRevealed } from "../generated/Court/Court";
import { CaseSeat, Seat } from "../generated/schema";
import { placeOf } from "./case-seats";
import { marketOfCourt } from "./overview";
import { addCaseStep } from "./steps";

export function handleWordCommitted(event: WordCommitted): void {
  const place = CaseSeat.load(event.params.caseId.concatI32(event.params.position.toI32()))!;
  place.commitment = event.params.commitment;
  place.committedAt = event.block.timestamp;
  place.save();
  addCaseStep(event.params.caseId, "WordCommitted", event);
  marketOfCourt(event).save();
}

export function handleWordRevealed(event: WordRevealed): void {
  const place = CaseSeat.load(event.params.caseId.concatI32(event.params.position.toI32()))!;
  place.word = event.params.word;
  place.revealedAt = event.block.timestamp;
  place.save();
  const seat = Seat.load(place.seat)!;
  seat.reveals += 1;
  seat.save();
  addCaseStep(event.params.caseId, "WordRevealed", event);
  marketOfCourt(event).save();
}

export function handleSeatDenounced(event: SeatDenounced): void {
  const place = placeOf(event.params.caseId, Bytes.fromI32(event.params.seat.toI32()));
  place.denounced = true;
  place.save();
  addCaseStep(event.params.caseId, "SeatDenounced", event);
  marketOfCourt(event).save();
}
