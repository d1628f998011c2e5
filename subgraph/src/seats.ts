import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { Claimed, SeatPenalised, SeatStaked, SeatWithdrawn } from "../generated/Court/Court";
import { Seat } from "../generated/schema";
import { knowAccount } from "./accounts";
import { placeOf } from "./case-seats";
import { marketOfCourt } from "./overview";
import { addCaseStep } from "./steps";

/** A seat by its number, which somebody took before. */
export function loadSeat(number: i32): Seat {
  return Seat.load(Bytes.fromI32(number))!;
}

export function handleSeatStaked(event: SeatStaked): void {
  const market = marketOfCourt(event);
  const number = event.params.seat.toI32();
  let seat = Seat.load(Bytes.fromI32(number));
  if (seat == null) {
    seat = new Seat(Bytes.fromI32(number));
    seat.number = number;
    seat.owner = knowAccount(event.params.owner);
    seat.stake = BigInt.zero();
    seat.penalised = BigInt.zero();
    seat.cases = 0;
    seat.reveals = 0;
    seat.since = event.block.timestamp;
    market.seats += 1;
  }
  seat.stake = seat.stake.plus(event.params.amount);
  seat.save();
  market.save();
}

export function handleSeatWithdrawn(event: SeatWithdrawn): void {
  const seat = loadSeat(event.params.seat.toI32());
  seat.stake = seat.stake.minus(event.params.amount);
  seat.save();
  marketOfCourt(event).save();
}

export function handleSeatPenalised(event: SeatPenalised): void {
  const seat = loadSeat(event.params.seat.toI32());
  seat.stake = seat.stake.minus(event.params.amount);
  seat.penalised = seat.penalised.plus(event.params.amount);
  seat.save();

  const place = placeOf(event.params.caseId, seat.id);
  place.penalty = place.penalty.plus(event.params.amount);
  place.save();
  addCaseStep(event.params.caseId, "SeatPenalised", event);
  marketOfCourt(event).save();
}

/** The money moves by `PoolPaid`. */
export function handleClaimed(event: Claimed): void {
  marketOfCourt(event).save();
}
