import { concatHex, type Hex, keccak256, numberToHex } from "viem";
import type { LiveCall } from "../../../live/desk.ts";
import type { StoredBatch } from "../../../store/batches.ts";
import { ApiError, apiErrorOf } from "../errors.ts";
import type { Offer } from "../offers.ts";
import { answerOf, collector, type Shop } from "../sale.ts";
import { type AnsweredLine, answeredLine, refusedLine, unaskedLine } from "./answers.ts";
import type { BatchLine, BatchPlan } from "./lines.ts";

/** What a run works with. */
export type BatchRunOptions = Pick<Shop, "logger" | "signal" | "callTimeoutMs">;

/** What a run came to. */
export interface RunResult {
  /** Lines that were answered. */
  readonly output: readonly AnsweredLine[];
  /** Lines that were not. */
  readonly errors: readonly AnsweredLine[];
  readonly outcome: NonNullable<StoredBatch["outcome"]>;
}

/** The lines of one batch on their way through the queue of its model, behind all calls. */
export class BatchRun {
  /** As it is now. */
  batch: StoredBatch;
  readonly #seed: Hex;
  readonly #options: BatchRunOptions;
  readonly #ending = new AbortController();
  readonly #output: AnsweredLine[] = [];
  readonly #errors: AnsweredLine[] = [];
  #reason: "cancelled" | "expired" | undefined;

  constructor(batch: StoredBatch, { seed }: Pick<LiveCall, "seed">, options: BatchRunOptions) {
    this.batch = batch;
    this.#seed = seed;
    this.#options = options;
  }

  /** Lets no more lines begin. */
  end(reason: "cancelled" | "expired"): void {
    this.#reason ??= reason;
    this.#ending.abort(new Error(`The batch is ${reason}.`));
  }

  /** Answers what can be answered, until all is done, it is ended, or its time is over. Throws when the node stops. */
  async answer({ offer, good, bad }: BatchPlan): Promise<RunResult> {
    for (const line of bad) {
      this.#note(this.#errors, refusedLine(this.batch, line, line.fault));
    }
    const { expiresAt, createdAt } = this.batch;
    const timer = setTimeout(() => this.end("expired"), (expiresAt - createdAt) * 1000);
    const rest = [...good].reverse();
    try {
      if (offer !== undefined) {
        await Promise.all(Array.from({ length: offer.queue.slots }, () => this.#work(offer, rest)));
      }
    } finally {
      clearTimeout(timer);
    }
    this.#options.signal.throwIfAborted();
    const reason = rest.length === 0 ? undefined : this.#reason;
    for (const line of rest) {
      this.#note(this.#errors, unaskedLine(this.batch, line, reason ?? "cancelled"));
    }
    return { output: this.#output, errors: this.#errors, outcome: reason ?? "completed" };
  }

  /** One line after another. */
  async #work(offer: Offer, rest: BatchLine[]): Promise<void> {
    const { signal } = this.#options;
    const either = AbortSignal.any([this.#ending.signal, signal]);
    while (rest.length > 0 && !either.aborted) {
      const leave = await offer.queue.spare(either).catch(() => undefined);
      const line = leave && rest.pop();
      try {
        if (line !== undefined) {
          await this.#answerLine(line);
        }
      } finally {
        leave?.();
      }
    }
  }

  async #answerLine(line: BatchLine): Promise<void> {
    const { signal, callTimeoutMs, logger } = this.#options;
    const logprobs = collector();
    let written = 0;
    try {
      const generated = await line.offer.engine.generate(line.request, {
        signal,
        cut: AbortSignal.timeout(callTimeoutMs),
        seed: keccak256(concatHex([this.#seed, numberToHex(line.line, { size: 32 })])),
        topLogprobs: line.topLogprobs,
        onText: (delta) => {
          written += delta.tokens;
          logprobs.take(delta);
        },
      });
      if ("error" in generated.output) {
        const { code, message } = generated.output.error;
        throw new ApiError(message, { status: 400, code });
      }
      const answer = answerOf(generated, written, logprobs.all());
      this.#note(this.#output, answeredLine(this.batch, line, answer));
    } catch (error) {
      signal.throwIfAborted();
      const fault = apiErrorOf(error);
      if (fault.status >= 500) {
        logger.warn("line of a batch failed", { model: line.offer.engine.model.name, error });
      }
      this.#note(this.#errors, refusedLine(this.batch, line, fault));
    }
  }

  #note(list: AnsweredLine[], line: AnsweredLine): void {
    list.push(line);
    const { counts, usage } = this.batch;
    const { promptTokens = 0, completionTokens = 0 } = line.usage ?? {};
    this.batch = {
      ...this.batch,
      counts: { ...counts, completed: this.#output.length, failed: this.#errors.length },
      usage: { input: usage.input + promptTokens, output: usage.output + completionTokens },
    };
  }
}
