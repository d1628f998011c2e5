import { Address, Bytes, ethereum } from "@graphprotocol/graph-ts";
import {
  JobAccepted,
  JobLocked,
  JobPosted,
  JobRefunded,
  JobReleased,
  JobSettled,
  JobSkipped,
  JobSubmitted,
} from "../generated/Market/Market";
import { Job, Provider, ReserveDraw } from "../generated/schema";
import { addExposure, credit, debit, knowAccount, loadAccount } from "./accounts";
import { newJob } from "./job";
import { loadModel } from "./models";
import { marketOf } from "./overview";
import { OUTCOME } from "./protocol";
import { loadProvider } from "./providers";
import { newJobPoint } from "./statistics";
import { addJobStep } from "./steps";

export function handleJobPosted(event: JobPosted): void {
  debit(event.params.client, event.params.price);
  const market = marketOf(event);
  market.jobs += 1;
  market.openJobs += 1;
  market.save();
  const model = loadModel(event.params.model);
  model.jobs += 1;
  model.save();

  const job = newJob(event);
  job.isOrder = isPaidByReserve(event);
  if (event.params.provider != Address.zero()) {
    job.provider = knowAccount(event.params.provider);
  }
  job.save();
  addJobStep(job.id, "JobPosted", event);
  const point = newJobPoint(market, job);
  point.posted = 1;
  point.save();
}

export function handleJobAccepted(event: JobAccepted): void {
  const market = marketOf(event);
  const provider = loadProvider(event.params.provider, market);
  provider.jobs += 1;
  provider.save();
  market.openJobs -= 1;
  market.save();

  const job = Job.load(event.params.id)!;
  job.status = "Accepted";
  job.provider = event.params.provider;
  job.verified = event.params.verified;
  job.acceptedAt = event.block.timestamp;
  job.save();
  addExposure(event.params.provider, job.price);
  addJobStep(job.id, "JobAccepted", event);
}

export function handleJobSubmitted(event: JobSubmitted): void {
  const job = Job.load(event.params.id)!;
  job.status = "Submitted";
  job.resultRoot = event.params.resultRoot;
  job.submitBlock = event.block.number;
  job.submittedAt = event.block.timestamp;
  job.save();
  addJobStep(job.id, "JobSubmitted", event);
  marketOf(event).save();
}

export function handleJobLocked(event: JobLocked): void {
  move(event.params.id, "InCase", "JobLocked", event);
}

export function handleJobReleased(event: JobReleased): void {
  move(event.params.id, "Submitted", "JobReleased", event);
}

export function handleJobSettled(event: JobSettled): void {
  const price = event.params.paid.plus(event.params.fee);
  const account = loadAccount(event.params.provider);
  account.exposure = account.exposure.minus(price);
  account.balance = account.balance.plus(event.params.paid);
  account.fees = account.fees.plus(event.params.fee);
  account.save();

  const outcome = OUTCOME[event.params.outcome];
  const provider = Provider.load(event.params.provider)!;
  if (outcome == "Completed") provider.completed += 1;
  else provider.unverified += 1;
  provider.earned = provider.earned.plus(event.params.paid);
  provider.save();

  const job = Job.load(event.params.id)!;
  job.status = "Settled";
  job.outcome = outcome;
  job.endedAt = event.block.timestamp;
  job.paid = event.params.paid;
  job.fee = event.params.fee;
  job.save();
  addJobStep(job.id, "JobSettled", event);

  const model = loadModel(job.model);
  model.volume = model.volume.plus(price);
  model.save();
  const market = marketOf(event);
  market.volume = market.volume.plus(price);
  market.fees = market.fees.plus(event.params.fee);
  market.save();
  const point = newJobPoint(market, job);
  point.settled = 1;
  point.volume = price;
  point.paid = event.params.paid;
  point.fees = event.params.fee;
  point.save();
}

export function handleJobRefunded(event: JobRefunded): void {
  const outcome = OUTCOME[event.params.outcome];
  const job = Job.load(event.params.id)!;
  credit(job.client, event.params.refund.plus(event.params.penalty));
  const wasAccepted = event.params.provider != Address.zero();
  if (wasAccepted) {
    addExposure(event.params.provider, event.params.refund.neg());
    countRefund(event.params.provider, outcome);
  }

  job.status = isByCourt(outcome) ? "Rejected" : "Refunded";
  job.outcome = outcome;
  job.endedAt = event.block.timestamp;
  job.refund = event.params.refund;
  job.penalty = event.params.penalty;
  job.save();
  addJobStep(job.id, "JobRefunded", event);

  const market = marketOf(event);
  if (!wasAccepted) market.openJobs -= 1;
  market.refunded = market.refunded.plus(event.params.refund);
  market.penalties = market.penalties.plus(event.params.penalty);
  market.save();
  const point = newJobPoint(market, job);
  point.refunded = 1;
  point.penalties = event.params.penalty;
  point.save();
}

/** It is no part of a job's life. */
export function handleJobSkipped(event: JobSkipped): void {
  marketOf(event).save();
}

/** An order draws on its reserve right before its job is posted. */
function isPaidByReserve(event: JobPosted): boolean {
  return ReserveDraw.load(event.transaction.hash.concatI32(event.logIndex.toI32() - 1)) != null;
}

function isByCourt(outcome: string): boolean {
  return outcome == "Withheld" || outcome == "Rejected" || outcome == "Undecidable";
}

/** Where nobody could judge, the provider is not at fault. */
function countRefund(address: Bytes, outcome: string): void {
  const provider = Provider.load(address)!;
  if (outcome == "Declined") provider.declined += 1;
  else if (outcome == "NoShow") provider.noShows += 1;
  else if (outcome == "Withheld" || outcome == "Rejected") provider.rejected += 1;
  provider.save();
}

function move(id: Bytes, status: string, kind: string, event: ethereum.Event): void {
  const job = Job.load(id)!;
  job.status = status;
  job.save();
  addJobStep(id, kind, event);
  marketOf(event).save();
}
