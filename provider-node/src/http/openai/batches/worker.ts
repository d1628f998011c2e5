import type { ItemCompletion } from "@touchstone/sdk/protocol";
import { keccak256 } from "viem";
import { type BatchBook, changed, failed } from "../../../live/batch-book.ts";
import type { LiveCall } from "../../../live/desk.ts";
import type { StoredBatch } from "../../../store/batches.ts";
import { apiErrorOf } from "../errors.ts";
import type { Offers } from "../offers.ts";
import type { AnsweredLine } from "./answers.ts";
import { planBatch } from "./lines.ts";
import { BatchRun, type BatchRunOptions, type RunResult } from "./run.ts";

/** What a worker works with. */
export interface BatchWorkerOptions extends BatchRunOptions {
  readonly book: BatchBook;
  readonly offers: Offers;
  /** Batches that run at once. */
  readonly maxBatches: number;
}

/** Batches that run, each from its payment to its charge. */
export class BatchWorker {
  readonly #options: BatchWorkerOptions;
  readonly #running = new Map<string, BatchRun>();
  #entering = 0;

  constructor(options: BatchWorkerOptions) {
    this.#options = options;
  }

  /**
   * Takes a place for a batch, to be given back once it is known what becomes of it; nothing if all are taken. Calls that
   * are being paid for count.
   */
  enter(): (() => void) | undefined {
    if (this.#running.size + this.#entering >= this.#options.maxBatches) {
      return undefined;
    }
    this.#entering += 1;
    return () => {
      this.#entering -= 1;
    };
  }

  /** A batch as it is now. */
  batch(id: string): StoredBatch | undefined {
    return this.#running.get(id)?.batch ?? this.#options.book.batch(id);
  }

  /**
   * Writes a new batch and begins it. It ends by itself: charged once for what was made, or failed and free.
   *
   * @throws NodeError of the store; then it has failed.
   */
  async begin(batch: StoredBatch, call: LiveCall, bytes: Uint8Array): Promise<void> {
    const { book, logger } = this.#options;
    const run = new BatchRun(batch, call, this.#options);
    this.#running.set(batch.id, run);
    try {
      await book.write(batch);
    } catch (error) {
      this.#running.delete(batch.id);
      await call.fail();
      throw error;
    }
    this.#work(run, call, bytes)
      .catch((error: unknown) => logger.error("batch could not be written", { call: call.id, error }))
      .finally(() => this.#running.delete(batch.id));
  }

  /** Lets no more lines begin; those under way are finished. */
  async cancel(id: string): Promise<void> {
    const run = this.#running.get(id);
    if (run !== undefined && run.batch.status === "in_progress") {
      run.end("cancelled");
      run.batch = changed(run.batch, "cancelling", this.#options.book.now());
      await this.#options.book.write(run.batch);
    }
  }

  /** Files first, then the charge, then the word that it is done: a crash in between is found by the book. */
  async #work(run: BatchRun, call: LiveCall, bytes: Uint8Array): Promise<void> {
    const { book, offers } = this.#options;
    let made: Made;
    try {
      const plan = await planBatch(new TextDecoder().decode(bytes), offers);
      const { output, errors, outcome } = await run.answer(plan);
      made = { items: output.length, output: bytesOf(output), errors: bytesOf(errors), outcome };
      run.batch = changed({ ...run.batch, outcome }, "finalizing", book.now());
      run.batch = await book.finalize(run.batch, made);
    } catch (error) {
      await this.#fail(run, call, error);
      return;
    }
    await this.#charge(run, call, made);
  }

  async #charge(run: BatchRun, call: LiveCall, { items, output, errors, outcome }: Made): Promise<void> {
    const { book, logger } = this.#options;
    const { input: promptTokens, output: completionTokens } = run.batch.usage;
    if (items === 0) {
      await call.fail(); // Nothing was made, so nothing is charged.
    } else {
      const text = JSON.stringify({ output: keccak256(output), errors: keccak256(errors) });
      const shown: ItemCompletion = { finishReason: "stop", promptTokens, text, tokens: [] };
      const used = { promptTokens, completionTokens, items };
      const settled = await call.finish({ output: shown, trace: new Uint8Array(), ...used, isJudged: false });
      logger.info("batch sold", { call: call.id, outcome, ...used, charged: settled.charged });
    }
    const done = changed(run.batch, outcome, book.now());
    await book.write(done);
    run.batch = done;
  }

  /** What fails before the charge is our own fault: the batch is free. */
  async #fail(run: BatchRun, call: LiveCall, error: unknown): Promise<void> {
    const { book, signal, logger } = this.#options;
    logger.warn("batch failed", { call: call.id, error });
    await call.fail();
    const { code, message } = signal.aborted ? STOPPED : apiErrorOf(error);
    run.batch = failed(run.batch, { code, message }, book.now());
    if (!signal.aborted) {
      await book.write(run.batch); // Else the store may be closed; the next start writes it.
    }
  }
}

interface Made {
  /** Lines that were answered. */
  readonly items: number;
  readonly output: Uint8Array;
  readonly errors: Uint8Array;
  readonly outcome: RunResult["outcome"];
}

const STOPPED = { code: "NODE_STOPPED", message: "The node stopped before the batch was done. Nothing was charged." };

function bytesOf(lines: readonly AnsweredLine[]): Uint8Array {
  const sorted = lines.toSorted((a, b) => a.line - b.line);
  return new TextEncoder().encode(sorted.map(({ text }) => text).join(""));
}
