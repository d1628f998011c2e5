import { Bytes, ethereum } from "@graphprotocol/graph-ts";
import { CaseStep, JobStep } from "../generated/schema";

/** The id of what stands for one event: its transaction and its place among the logs of the block. */
export function idOf(event: ethereum.Event): Bytes {
  return event.transaction.hash.concatI32(event.logIndex.toI32());
}

/** Keeps an event of a job. */
export function addJobStep(job: Bytes, kind: string, event: ethereum.Event): void {
  const step = new JobStep(idOf(event));
  step.job = job;
  step.kind = kind;
  step.block = event.block.number;
  step.timestamp = event.block.timestamp;
  step.transaction = event.transaction.hash;
  step.logIndex = event.logIndex.toI32();
  step.save();
}

/** Keeps an event of a case. */
export function addCaseStep(caseId: Bytes, kind: string, event: ethereum.Event): void {
  const step = new CaseStep(idOf(event));
  step.case_ = caseId;
  step.kind = kind;
  step.block = event.block.number;
  step.timestamp = event.block.timestamp;
  step.transaction = event.transaction.hash;
  step.logIndex = event.logIndex.toI32();
  step.save();
}
