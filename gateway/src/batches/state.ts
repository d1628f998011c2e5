import type { SignedQuote } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";

/** As OpenAI has them. */
export type BatchStatus =
  | "validating"
  | "failed"
  | "in_progress"
  | "finalizing"
  | "completed"
  | "expired"
  | "cancelling"
  | "cancelled";

/** Statuses after which nothing happens any more. */
export const ENDED: readonly BatchStatus[] = ["failed", "completed", "expired", "cancelled"];

/** What is wrong with a batch as a whole, or with one of its lines (from 1). */
export interface BatchFault {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly line: number | null;
}

/** All that is kept of a batch beside its id, its key and its status. Times in unix seconds. */
export interface BatchState {
  readonly endpoint: string;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly expiresAt: number;
  readonly inProgressAt?: number;
  readonly finalizingAt?: number;
  readonly completedAt?: number;
  readonly failedAt?: number;
  readonly expiredAt?: number;
  readonly cancellingAt?: number;
  readonly cancelledAt?: number;
  readonly outputFileId?: string;
  readonly errorFileId?: string;
  readonly errors?: readonly BatchFault[];
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly usage: { readonly input: number; readonly output: number };
}

/** A batch of a key. */
export interface StoredBatch extends BatchState {
  readonly id: string;
  readonly keyId: string;
  readonly status: BatchStatus;
  readonly createdAt: number;
  readonly inputFileId: string;
}

/**
 * How far a job of a batch is: `planned`, nothing is sent; `quoted`, a provider's offer is kept and the transaction may be
 * on its way; `posted`, it is in escrow; `fetched`, its results are on this disk, checked; `failed`, nobody will do it.
 */
export type BatchJobPhase = "planned" | "quoted" | "posted" | "fetched" | "failed";

/** All that is kept of a job of a batch. */
export interface BatchJob {
  readonly phase: BatchJobPhase;
  /** `modelId` of the market. */
  readonly model: Hex;
  /** As the lines ask for it. */
  readonly modelName: string;
  /** Which lines of the input file are its items, in order; from 1. */
  readonly lines: readonly number[];
  /** Of every attempt; nothing is asked twice of a provider that let a job lapse. */
  readonly failedProviders: readonly Address[];
  /** The provider's signed offer: what is posted, as it is. */
  readonly quote?: SignedQuote;
  readonly job?: Hex;
  readonly provider?: Address;
  /** Base of the provider's node. */
  readonly url?: string;
  /** Token units, as a decimal string. */
  readonly price?: string;
  readonly inputRoot?: Hex;
  readonly resultRoot?: Hex;
  /** The row of `spending` that holds its price. */
  readonly spendingId?: number;
  /** Items that the provider says are done. */
  readonly done: number;
  readonly error?: { readonly code: string; readonly message: string };
}
