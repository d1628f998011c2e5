import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import { CasePoint, Job, JobPoint, Market, SlashPoint } from "../generated/schema";

// Graph nodes number the points of a timeseries and date them by their block.
const ANY = 0;

/** A point of a job's market, model and provider, all zeros. The caller saves it. */
export function newJobPoint(market: Market, job: Job): JobPoint {
  const provider = job.provider;
  const point = new JobPoint(ANY);
  point.market = market.id;
  point.model = job.model;
  point.provider = provider === null ? Address.zero() : provider;
  point.posted = 0;
  point.settled = 0;
  point.refunded = 0;
  point.volume = BigInt.zero();
  point.paid = BigInt.zero();
  point.fees = BigInt.zero();
  point.penalties = BigInt.zero();
  return point;
}

export function addSlashPoint(market: Market, provider: Bytes, amount: BigInt, burned: BigInt): void {
  const point = new SlashPoint(ANY);
  point.market = market.id;
  point.provider = provider;
  point.amount = amount;
  point.burned = burned;
  point.save();
}

/** Each is how many, 0 or 1. */
export function addCasePoint(market: Market, opened: i64, closed: i64, convictions: i64): void {
  const point = new CasePoint(ANY);
  point.market = market.id;
  point.opened = opened;
  point.closed = closed;
  point.convictions = convictions;
  point.save();
}
