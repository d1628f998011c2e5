import { setTimeout as sleep } from "node:timers/promises";
import type { Offer } from "@touchstone/sdk";
import { ChainError, ContractRevertError, type ItemOutput, SEALED, TouchstoneError } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Catalogue, ListedOffer } from "../live/catalogue.ts";
import type { Logger } from "../logger.ts";
import type { Batches } from "../store/batches.ts";
import type { Keys } from "../store/keys.ts";
import { type Spending, UNSERVED } from "../store/spending.ts";
import { type JobLane, type JobNode, tokensOf } from "./job-lane.ts";
import type { JobResults } from "./results.ts";
import type { BatchJob, StoredBatch } from "./state.ts";

/** What running the jobs of batches takes. */
export interface JobRunContext {
  readonly lane: JobLane;
  readonly catalogue: Catalogue;
  readonly batches: Batches;
  readonly keys: Keys;
  readonly spending: Spending;
  readonly results: JobResults;
  readonly maxPricePerJob: bigint;
  /** Prompts leave only encrypted. */
  readonly isSealed: boolean;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** Aborted when the gateway stops; what is kept says where to go on. */
  readonly signal: AbortSignal;
  readonly retryMs: number;
}

/** One job of one batch. */
export interface JobPlace {
  readonly batchId: string;
  readonly position: number;
  /** The bytes of its items, in order. */
  readonly requests: readonly Uint8Array[];
}

const OK = 200;
/** What the provider gets at most, of the time that is left: the rest is for another one. */
const SHARE_OF_WINDOW = 2;
const LEAST_SECONDS = 60;
/** Results that nobody shows are asked for so long beyond the window of their batch. */
const PATIENCE_SECONDS = 3_600;

/** Takes a job of a batch to its end, `fetched` or `failed`, from wherever it was left. Each step is kept before the next. */
export async function runJob(place: JobPlace, context: JobRunContext): Promise<void> {
  const { batches, signal, logger, retryMs } = context;
  for (;;) {
    signal.throwIfAborted();
    const job = batches.jobs(place.batchId)[place.position] as BatchJob;
    if (job.phase === "fetched" || job.phase === "failed") {
      return;
    }
    try {
      await step(place, job, context);
    } catch (error) {
      signal.throwIfAborted();
      const { batchId, position } = place;
      logger.warn("job of a batch is delayed", { batchId, position, phase: job.phase, error });
      if (isFinal(error)) {
        fail(place, context, { code: error.code.toLowerCase(), message: error.message });
        return;
      }
      await sleep(retryMs, undefined, { signal });
    }
  }
}

function step(place: JobPlace, job: BatchJob, context: JobRunContext): Promise<void> | void {
  switch (job.phase) {
    case "planned":
      return quote(place, job, context);
    case "quoted":
      return post(place, job, context);
    default:
      return finish(place, job, context);
  }
}

async function quote(place: JobPlace, job: BatchJob, context: JobRunContext): Promise<void> {
  const { lane, catalogue, batches, keys, spending, signal, now } = context;
  const batch = batches.require(place.batchId);
  const left = batch.expiresAt - now();
  const obstacle = obstacleOf(batch, left);
  if (obstacle !== undefined) {
    fail(place, context, obstacle);
    return;
  }
  const offered = await catalogue.find(job.model);
  const quoted = await lane.quote({
    model: job.model,
    requests: place.requests,
    nodes: (offered?.offers ?? []).map(nodeOf),
    isSealed: context.isSealed,
    failedProviders: job.failedProviders,
    submitWithin: Math.max(LEAST_SECONDS, Math.floor(left / SHARE_OF_WINDOW)),
    maxPrice: context.maxPricePerJob,
    signal,
  });
  const { offer } = quoted;
  if (offer === undefined) {
    if (!quoted.retryable) {
      fail(place, context, { code: "no_offer", message: quoted.reason });
      return;
    }
    catalogue.forget();
    throw new TouchstoneError(quoted.reason, { code: "NO_OFFER", retryable: true });
  }
  batches.transaction(() => {
    const key = keys.get(batch.keyId);
    const open = key && spending.open(key, { route: "batches", model: job.modelName, hold: offer.price }, now());
    if (open !== undefined && open.hold === offer.price) {
      keepOffer(place, { offer, inputRoot: quoted.inputRoot, spendingId: open.id }, context);
      return;
    }
    release({ ...job, spendingId: open?.id }, context);
    fail(place, context, { code: "insufficient_quota", message: "The budget of this API key does not cover the job." });
  });
}

/** Why nothing is bought for a batch any more. */
function obstacleOf({ status }: StoredBatch, secondsLeft: number) {
  if (status === "cancelling") {
    return { code: "batch_cancelled", message: "The batch was cancelled before this line was given to a provider." };
  }
  return secondsLeft < LEAST_SECONDS
    ? { code: "batch_expired", message: "The batch's time was over before a provider had this line." }
    : undefined;
}

function keepOffer(
  { batchId, position }: JobPlace,
  { offer, inputRoot, spendingId }: { offer: Offer; inputRoot: Hex; spendingId: number },
  { batches }: JobRunContext,
): void {
  const { quote, job, provider, url, price } = offer;
  batches.updateJob(batchId, position, {
    ...{ phase: "quoted", quote, job, provider, url, price: price.toString(), inputRoot, spendingId },
  });
}

async function post({ batchId, position }: JobPlace, job: BatchJob, context: JobRunContext): Promise<void> {
  const { lane, batches, logger } = context;
  if (job.quote !== undefined && (await lane.post(job.quote))) {
    batches.updateJob(batchId, position, { phase: "posted" });
    logger.info("job of a batch posted", { batchId, position, job: job.job, provider: job.provider, price: job.price });
    return;
  }
  release(job, context); // The quote ran out; it can never be posted any more.
  batches.updateJob(batchId, position, { phase: "planned" });
}

async function finish(place: JobPlace, job: BatchJob, context: JobRunContext): Promise<void> {
  const { lane, batches, results, signal, now, logger } = context;
  const { batchId, position } = place;
  const id = job.job as Hex;
  const end = await lane.waitFor(id, {
    url: job.url,
    signal,
    onDone: (done) => batches.updateJob(batchId, position, { done: Math.min(done, job.lines.length) }),
  });
  if (end === "repaid") {
    logger.warn("provider let a job of a batch lapse", { batchId, position, job: id, provider: job.provider });
    release(job, context);
    const failedProviders = [...job.failedProviders, ...(job.provider === undefined ? [] : [job.provider])];
    batches.updateJob(batchId, position, { phase: "planned", failedProviders, done: 0 });
    return;
  }
  try {
    const { items, root } = await lane.fetch(
      { id, url: job.url, requests: place.requests, isSealed: isSealed(job) },
      signal,
    );
    const outputs = items.map(({ output }) => output);
    await results.save(batchId, position, outputs);
    book(job, outputs, batches.require(batchId), context);
    batches.updateJob(batchId, position, { phase: "fetched", resultRoot: root, done: outputs.length });
    logger.info("job of a batch fetched", { batchId, position, job: id, items: outputs.length });
  } catch (error) {
    signal.throwIfAborted();
    if (now() < batches.require(batchId).expiresAt + PATIENCE_SECONDS) {
      throw error;
    }
    book(job, [], batches.require(batchId), context);
    const message = "The provider posted a result and shows it to nobody. Demand it on chain: `demandItem`.";
    fail(place, context, { code: "results_withheld", message });
  }
}

/** A job that was posted and submitted costs its price. */
function book(job: BatchJob, outputs: readonly (ItemOutput | undefined)[], batch: StoredBatch, context: JobRunContext) {
  const tokens = outputs.map(tokensOf);
  context.spending.close(job.spendingId ?? 0, {
    amount: BigInt(job.price ?? 0),
    servedBy: "market",
    provider: job.provider,
    status: OK,
    receipt: outputs.length > 0 ? "checked" : "none",
    promptTokens: tokens.reduce((sum, { input }) => sum + input, 0),
    completionTokens: tokens.reduce((sum, { output }) => sum + output, 0),
    durationMs: (context.now() - batch.createdAt) * 1000,
  });
}

/** Gives back what was held for a job that costs nothing after all. */
function release({ spendingId }: { readonly spendingId?: number | undefined }, { spending }: JobRunContext): void {
  if (spendingId !== undefined) {
    spending.close(spendingId, { ...UNSERVED, status: 503, durationMs: 0 });
  }
}

function fail(
  { batchId, position }: JobPlace,
  context: JobRunContext,
  error: { readonly code: string; readonly message: string },
): void {
  context.batches.transaction(() =>
    release(context.batches.updateJob(batchId, position, { phase: "failed", error }), context),
  );
}

/** Failures before anything was sent that no waiting mends. A transaction that may be on its way is never given up. */
function isFinal(error: unknown): error is TouchstoneError {
  if (error instanceof ContractRevertError) {
    return !error.retryable;
  }
  const hopeless = ["ACCOUNT_MISSING", "CALL_INVALID", "GAS_MONEY_MISSING", "MARKET_MISSING", "WALLET_REFUSED"];
  return error instanceof ChainError && hopeless.includes(error.code);
}

function nodeOf({ provider: { endpoint, provider, card } }: ListedOffer): JobNode {
  return { url: endpoint, provider, encryptionKey: card.touchstone.live?.encryptionKey };
}

/** As it was posted, whatever the gateway is told now. */
function isSealed({ quote: offer }: BatchJob): boolean {
  return ((offer?.spec.flags ?? 0) & SEALED) !== 0;
}
