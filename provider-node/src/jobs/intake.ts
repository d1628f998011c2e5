import { type JobSpec, jobId, Outcome, RECEIPT, receiptSpec } from "@touchstone/sdk/protocol";
import { type Address, type Hex, isAddressEqual, zeroAddress } from "viem";
import type { Head } from "../chain/head.ts";
import type { ChainEvent, ChainLog } from "../chain/watcher.ts";
import type { Logger } from "../logger.ts";
import type { BlockRef } from "../store/blocks.ts";
import type { Store } from "../store/store.ts";
import { isBeforeAccept, isEnded, type JobEvent } from "./machine.ts";

/** What taking the chain in needs. */
export interface IntakeOptions {
  readonly chainId: number;
  readonly market: Address;
  readonly provider: Address;
  /** Model ids that the node runs. */
  readonly models: ReadonlySet<Hex>;
  /** The court's `receiptLifetime`, seconds; nothing where there is no court. */
  readonly receiptLifetime?: number | undefined;
  readonly store: Store;
  /** Who else takes the chain in. */
  readonly recorders?: readonly Recorder[];
  readonly head: Head;
  readonly logger: Logger;
}

/** Writes down what the chain tells. Nothing but the store, for it happens in a transaction. */
export interface Recorder {
  record(event: ChainEvent): void;
}

interface At {
  readonly block: number;
  /** Unix seconds. */
  readonly at: number;
}

/** Takes what the watcher tells into the store: the cursor and the jobs move in one transaction. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  take(event: ChainEvent): void {
    const { store, head, logger } = this.#options;
    store.transaction(() => this.#record(event));
    if (event.type === "block") {
      head.note(event.block);
    } else if (event.type === "reorg") {
      logger.warn("reorg", { ancestor: event.ancestor.number, head: head.block?.number });
      head.note(event.ancestor);
    }
  }

  #record(event: ChainEvent): void {
    const { store, recorders = [] } = this.#options;
    const { blocks, jobs } = store;
    switch (event.type) {
      case "block":
        blocks.append(event.block);
        for (const log of event.logs) {
          this.#takeLog(log, event.block);
        }
        break;
      case "reorg":
        blocks.dropAbove(event.ancestor.number);
        jobs.rewind(event.ancestor.number);
        break;
      case "finalized":
        blocks.dropBelow(event.block.number);
        this.#retire(event.block);
        break;
    }
    for (const recorder of recorders) {
      recorder.record(event);
    }
  }

  #takeLog(log: ChainLog, { number: block, timestamp: at }: BlockRef): void {
    if (log.eventName === "JobPosted") {
      this.#takePosted(log.args);
    }
    if (log.eventName === "ReceiptBrought") {
      this.#takeBrought(log.args, { block, at });
    } else if (log.eventName === "CaseClosed") {
      this.#takeClosed(log.args.job, { block, at });
    }
    const event = jobEventOf(log, { block, at }, this.#options.provider);
    if (event !== undefined) {
      this.#options.store.jobs.apply(event.id, event.event);
    }
  }

  /** Takes note of a job that this node could do. */
  #takePosted({ id, uri, ...posted }: Extract<ChainLog, { eventName: "JobPosted" }>["args"]): void {
    const { chainId, market, provider, models, store, logger } = this.#options;
    const isOurs = isAddressEqual(posted.provider, zeroAddress) || isAddressEqual(posted.provider, provider);
    if (!isOurs || !models.has(posted.model)) {
      return;
    }
    const spec: JobSpec = { ...posted, callback: zeroAddress, callbackGas: 0 };
    if (jobId({ chainId, market, spec }) === id) {
      store.jobs.add({ id, spec, uri });
    } else {
      logger.error("posted job is not its id", { id });
    }
  }

  /** A receipt of this provider came before the court: a job of one item, submitted when it was signed, whose data may be demanded. */
  #takeBrought({ job: id, receipt }: Extract<ChainLog, { eventName: "ReceiptBrought" }>["args"], at: At): void {
    const { provider, receiptLifetime, store, logger } = this.#options;
    if (!isAddressEqual(receipt.provider, provider) || receiptLifetime === undefined) {
      return;
    }
    const call = store.calls.byJob(id);
    if (call === undefined) {
      logger.error("a receipt is in court that this node did not sign", { id, channel: receipt.channelId });
      return;
    }
    const { outputHash, traceRoot, traceHash } = call;
    const tokens = receipt.completionTokens;
    store.inputs.record([receipt.requestHash], receipt.issuedAt);
    store.results.record(id, 0, { outputHash, traceRoot, traceHash, tokens });
    store.jobs.add({ id, spec: receiptSpec(receipt, receiptLifetime), uri: "" });
    store.jobs.apply(id, { type: "accepted", verified: true, ...at });
    store.jobs.apply(id, { type: "submitted", root: receipt.resultRoot, ...at });
    store.jobs.apply(id, { type: "locked", ...at });
    store.jobs.apply(id, { type: "executed", root: receipt.resultRoot });
    logger.warn("receipt brought before the court", { id, channel: receipt.channelId, seq: receipt.seq });
  }

  /** Nothing but its case keeps a receipt: the market has no word about it. */
  #takeClosed(id: Hex, at: At): void {
    const { jobs } = this.#options.store;
    if (jobs.get(id)?.spec.flags === RECEIPT) {
      jobs.apply(id, { type: "settled", outcome: Outcome.Completed, ...at });
    }
  }

  /** What is over in a final block is over for good. */
  #retire({ number, timestamp }: BlockRef): void {
    const { jobs } = this.#options.store;
    for (const { id, spec, state } of jobs.active()) {
      const isFinal = (state.history.at(-1)?.block ?? 0) <= number;
      const isMissed = isBeforeAccept(state) && timestamp >= spec.acceptBy;
      if (isFinal && (isMissed || isEnded(state))) {
        jobs.retire(id);
      }
    }
  }
}

/** What a log means for its job, or nothing. */
function jobEventOf(
  log: ChainLog,
  at: At,
  provider: Address,
): { readonly id: Hex; readonly event: JobEvent } | undefined {
  const isOurs = "provider" in log.args && isAddressEqual(log.args.provider, provider);
  switch (log.eventName) {
    case "JobPosted":
      return { id: log.args.id, event: { type: "posted", ...at } };
    case "JobAccepted": {
      const { id, verified } = log.args;
      return { id, event: isOurs ? { type: "accepted", verified, ...at } : { type: "takenByOther", ...at } };
    }
    case "JobSubmitted":
      return { id: log.args.id, event: { type: "submitted", root: log.args.resultRoot, ...at } };
    case "JobLocked":
      return { id: log.args.id, event: { type: "locked", ...at } };
    case "JobReleased":
      return { id: log.args.id, event: { type: "released", ...at } };
    case "JobSettled":
      return { id: log.args.id, event: { type: "settled", outcome: log.args.outcome as Outcome, ...at } };
    case "JobRefunded":
      return { id: log.args.id, event: { type: "refunded", outcome: log.args.outcome as Outcome, ...at } };
    case "Demanded": {
      const { job: id, key, item, chunk, answerBy } = log.args;
      const demand = { key, item: Number(item), chunk: Number(chunk), answerBy: Number(answerBy) };
      return { id, event: { type: "demanded", demand, ...at } };
    }
    case "Answered":
      return { id: log.args.job, event: { type: "answered", key: log.args.key, ...at } };
    default:
      return undefined;
  }
}
