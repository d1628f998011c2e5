import {
  DRAW_KEY,
  type JobEvent,
  type JobSpec,
  jobId,
  type Receipt,
  receiptSpec,
  type Verdict,
} from "@touchstone/sdk/protocol";
import { type Address, type Hex, zeroAddress } from "viem";
import type { ChainEvent, ChainLog } from "../chain/watcher.ts";
import type { Store } from "../store/store.ts";
import type { DossierFact } from "./dossier.ts";
import type { CaseFact } from "./machine.ts";

/** What taking cases in needs. */
export interface SeatIntakeOptions {
  readonly chainId: number;
  readonly market: Address;
  /** The court's `receiptLifetime`, seconds. */
  readonly receiptLifetime: number;
  /** Model ids that the node can judge. */
  readonly models: ReadonlySet<Hex>;
  readonly store: Store;
}

interface At {
  readonly block: number;
  /** Unix seconds. */
  readonly at: number;
}

/** Takes jobs and cases into the store, whosever they are: of the models that this node can judge. */
export class SeatIntake {
  readonly #options: SeatIntakeOptions;

  constructor(options: SeatIntakeOptions) {
    this.#options = options;
  }

  /** Writes down what the chain tells. */
  record(event: ChainEvent): void {
    const { dossiers, cases } = this.#options.store;
    if (event.type === "block") {
      const { number: block, timestamp: at } = event.block;
      for (const log of event.logs) {
        this.#takeJobLog(log, { block, at });
        this.#takeCaseLog(log, block);
      }
    } else if (event.type === "reorg") {
      dossiers.rewind(event.ancestor.number);
      cases.rewind(event.ancestor.number);
    }
  }

  #takeJobLog(log: ChainLog, at: At): void {
    const { store } = this.#options;
    if (log.eventName === "JobPosted") {
      const { id, uri: _, ...posted } = log.args;
      this.#begin(id, { ...posted, callback: zeroAddress, callbackGas: 0 });
    } else if (log.eventName === "ReceiptBrought") {
      this.#begin(log.args.job, receiptSpec(log.args.receipt, this.#options.receiptLifetime));
    }
    const noted = factOf(log, at);
    if (noted !== undefined) {
      store.dossiers.note(noted.id, noted.fact);
    }
  }

  #begin(id: Hex, spec: JobSpec): void {
    const { chainId, market, models, store } = this.#options;
    if (models.has(spec.model) && jobId({ chainId, market, spec }) === id) {
      store.dossiers.add(id, spec);
    }
  }

  #takeCaseLog(log: ChainLog, block: number): void {
    const { cases } = this.#options.store;
    switch (log.eventName) {
      case "CaseOpened": {
        const { caseId: id, job, key } = log.args;
        cases.add({ id, job, key }); // Also of a job that is not known: this seat may be drawn for it.
        cases.apply(id, { name: "opened", block });
        break;
      }
      case "CaseSeated":
        cases.apply(log.args.caseId, seated(log.args, block));
        break;
      case "CaseClosed":
        cases.apply(log.args.caseId, { name: "closed", block, verdict: log.args.verdict as Verdict });
        break;
      case "Answered":
        for (const { id } of cases.of(log.args.job)) {
          cases.apply(id, { name: "answered" });
        }
        break;
    }
  }
}

function seated(args: Extract<ChainLog, { eventName: "CaseSeated" }>["args"], block: number): CaseFact {
  const { tier, seed, startItem, seats } = args;
  return { name: "seated", block, tier, seed, startItem: Number(startItem), seats };
}

/** A fact, and the job it is about. */
interface Noted {
  readonly id: Hex;
  readonly fact: DossierFact;
}

/** What a log says of a job, or nothing. */
function factOf(log: ChainLog, at: At): Noted | undefined {
  switch (log.eventName) {
    case "CaseOpened":
      return log.args.key === DRAW_KEY ? { id: log.args.job, fact: { name: "tried", block: at.block } } : undefined;
    case "ReceiptBrought":
      return broughtFactOf(log.args, at.block);
    case "Answered": {
      const { job: id, item, chunk } = log.args;
      return { id, fact: { name: "answered", block: at.block, item: Number(item), chunk: Number(chunk) } };
    }
    case "JobPosted":
    case "JobAccepted":
    case "JobSubmitted":
    case "JobSettled":
    case "JobRefunded":
      return jobFactOf(log, at);
    default:
      return undefined;
  }
}

/** What `ReceiptBrought` says of the job that the receipt stands for. */
export function broughtFactOf(
  { job, receipt }: { readonly job: Hex; readonly receipt: Pick<Receipt, "resultRoot"> },
  block: number,
): Noted {
  return { id: job, fact: { name: "brought", block, root: receipt.resultRoot } };
}

/** What an event of a job's life says of it, or nothing. */
export function jobFactOf(event: Pick<JobEvent, "eventName" | "args">, { block, at }: At): Noted | undefined {
  const { eventName, args } = event as JobEvent;
  switch (eventName) {
    case "JobPosted":
      return { id: args.id, fact: { name: "posted", block } };
    case "JobAccepted":
      return { id: args.id, fact: { name: "accepted", block, provider: args.provider, verified: args.verified } };
    case "JobSubmitted":
      return { id: args.id, fact: { name: "submitted", block, at, root: args.resultRoot } };
    case "JobSettled":
      return { id: args.id, fact: { name: "paid", block } };
    case "JobRefunded":
      return { id: args.id, fact: { name: "repaid", block } };
    default:
      return undefined;
  }
}
