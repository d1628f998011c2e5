import { BigInt } from "@graphprotocol/graph-ts";
import { JobPosted } from "../generated/Market/Market";
import { Job } from "../generated/schema";

/** A job as it was posted, of an account that is known. The caller says how it is paid and whom it names, and saves it. */
export function newJob(event: JobPosted): Job {
  const job = new Job(event.params.id);
  job.client = event.params.client;
  job.model = event.params.model;
  job.status = "Open";
  job.input = event.params.input;
  job.items = event.params.items;
  job.price = event.params.price;
  job.acceptBy = event.params.acceptBy;
  job.submitWithin = event.params.submitWithin;
  job.challengeWindow = event.params.challengeWindow;
  job.flags = event.params.flags;
  job.salt = event.params.salt;
  job.uri = event.params.uri;
  job.postedAt = event.block.timestamp;
  job.paid = BigInt.zero();
  job.fee = BigInt.zero();
  job.refund = BigInt.zero();
  job.penalty = BigInt.zero();
  return job;
}
