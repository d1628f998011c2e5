import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { CaseSeat, Seat } from "../generated/schema";
import { POSITIONS } from "./protocol";

/** A seat was drawn to a position of a case. */
export function addCaseSeat(caseId: Bytes, position: i32, number: i32): void {
  const seat = Seat.load(Bytes.fromI32(number))!;
  seat.cases += 1;
  seat.save();

  const place = new CaseSeat(caseId.concatI32(position));
  place.case_ = caseId;
  place.seat = seat.id;
  place.position = position;
  place.penalty = BigInt.zero();
  place.denounced = false;
  place.save();
}

/**
 * Where a seat sits in a case, or sat: its highest position. Only a seat that was denounced in tier one, and staked anew, can have
 * two, and the first of them is over then.
 */
export function placeOf(caseId: Bytes, seat: Bytes): CaseSeat {
  for (let position = POSITIONS - 1; position >= 0; position--) {
    const place = CaseSeat.load(caseId.concatI32(position));
    if (place != null && place.seat == seat) {
      return place;
    }
  }
  throw new Error("The seat was not drawn to this case.");
}
