import { createHash } from "node:crypto";
import { TouchstoneError } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Files } from "../store/files.ts";
import { tokensOf } from "./job-lane.ts";
import { type JobRunContext, runJob } from "./job-run.ts";
import { type BatchLine, type ReadLines, readLines } from "./lines.ts";
import { faultLine, type LineContext, type OutputLine, outputLine } from "./output.ts";
import { type JobBounds, planJobs } from "./plan.ts";
import { type BatchFault, type BatchJob, type BatchStatus, ENDED, type StoredBatch } from "./state.ts";

/** What the worker works with. */
export interface WorkerOptions extends Omit<JobRunContext, "signal"> {
  readonly files: Files;
  readonly bounds: JobBounds & { readonly maxBatchLines: number };
}

/** Faults of lines that a failed batch lists; the error file has all. */
const MAX_FAULTS = 100;

/** Takes batches from `validating` to their end, several at once; goes on where it was stopped or killed. */
export class BatchWorker {
  readonly #options: WorkerOptions;
  readonly #stop = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Goes on with all that is not over. */
  resume(): void {
    for (const { id } of this.#options.batches.listOpen()) {
      this.begin(id);
    }
  }

  /** Works on a batch until it is over. */
  begin(id: string): void {
    if (this.#running.has(id) || this.#stop.signal.aborted) {
      return;
    }
    const running = this.#run(id)
      .catch((error: unknown) => this.#giveUp(id, error))
      .finally(() => this.#running.delete(id));
    this.#running.set(id, running);
  }

  /** Stops between two steps; nothing is lost. */
  async close(): Promise<void> {
    this.#stop.abort(new TouchstoneError("The gateway stops.", { code: "STOPPED" }));
    await Promise.all(this.#running.values());
  }

  async #run(id: string): Promise<void> {
    const { batches, files } = this.#options;
    const { inputFileId, status } = batches.require(id);
    if (ENDED.includes(status)) {
      return;
    }
    const lines = readLines(new TextDecoder().decode(await files.read(inputFileId)));
    if (status === "validating" || (status === "cancelling" && batches.require(id).inProgressAt === undefined)) {
      await this.#plan(id, lines);
    }
    const context = { ...this.#options, signal: this.#stop.signal };
    const byLine = new Map(lines.good.map((line) => [line.line, line.bytes]));
    const places = batches.jobs(id).map(({ lines: items }, position) => ({
      batchId: id,
      position,
      requests: items.map((line) => byLine.get(line) as Uint8Array),
    }));
    await Promise.all(places.map((place) => runJob(place, context)));
    if (!ENDED.includes(batches.require(id).status)) {
      await this.#finalize(id, lines);
    }
  }

  /** Makes jobs of the good lines. A batch without one fails. */
  async #plan(id: string, { good, bad }: ReadLines): Promise<void> {
    const { batches, bounds, now } = this.#options;
    const modelIds = await this.#modelIds(good);
    const jobs = planJobs(good, modelIds, bounds);
    const total = good.length + bad.length;
    const faults: readonly BatchFault[] =
      total > bounds.maxBatchLines
        ? [{ code: "too_many_lines", message: `At most ${bounds.maxBatchLines} lines.`, param: null, line: null }]
        : [...bad.map(({ fault }) => fault), ...good.filter(({ model }) => !modelIds.has(model)).map(unknownModel)];
    const counts = { total, completed: 0, failed: faults.length };
    if (jobs.length === 0 || total > bounds.maxBatchLines) {
      const errors = faults.length > 0 ? faults.slice(0, MAX_FAULTS) : [EMPTY];
      batches.update(id, { status: "failed", failedAt: now(), errors, counts });
      return;
    }
    const isCancelled = batches.require(id).status === "cancelling";
    batches.plan(id, jobs, { counts, inProgressAt: now(), ...(!isCancelled && { status: "in_progress" }) });
  }

  async #modelIds(lines: readonly BatchLine[]): Promise<Map<string, Hex>> {
    const names = [...new Set(lines.map(({ model }) => model))];
    const found = await Promise.all(names.map((name) => this.#options.catalogue.find(name)));
    return new Map(names.flatMap((name, index) => (found[index] === undefined ? [] : [[name, found[index].id]])));
  }

  /** Writes the output file and the error file, in the order of the lines, then ends the batch. */
  async #finalize(id: string, lines: ReadLines): Promise<void> {
    const { batches, results, now } = this.#options;
    const started = batches.require(id);
    if (started.status === "in_progress") {
      batches.update(id, { status: "finalizing", finalizingAt: now() });
    }
    const jobs = batches.jobs(id);
    const { written, usage } = await this.#answers(started, jobs, lines);
    const outputs = written.filter(({ isError }) => !isError).map(({ text }) => text);
    const errors = written.filter(({ isError }) => isError).map(({ text }) => text);
    const outputFileId = await this.#write(started, "output", outputs);
    const errorFileId = await this.#write(started, "error", errors);
    const [status, change] = endOf(started, jobs, now());
    const counts = { total: written.length, completed: outputs.length, failed: errors.length };
    batches.update(id, {
      ...change,
      status,
      counts,
      usage,
      ...(outputFileId && { outputFileId }),
      ...(errorFileId && { errorFileId }),
    });
    await Promise.all(jobs.map((_, position) => results.delete(id, position)));
    this.#options.logger.info("batch over", { batchId: id, status, ...counts });
  }

  async #answers(batch: StoredBatch, jobs: readonly BatchJob[], { good, bad }: ReadLines) {
    const { results, now } = this.#options;
    const context: LineContext = { batchId: batch.id, created: batch.inProgressAt ?? now() };
    const byLine = new Map(good.map((line) => [line.line, line]));
    const answers = new Map<number, OutputLine>(bad.map((one) => [one.line, faultLine(one, one.fault, context)]));
    for (const one of good) {
      answers.set(one.line, faultLine(one, unknownModel(one), context)); // Unless a job has it.
    }
    let usage = { input: 0, output: 0 };
    for (const [position, job] of jobs.entries()) {
      const outputs = job.phase === "fetched" ? await results.load(batch.id, position) : undefined;
      for (const [index, line] of job.lines.entries()) {
        const read = byLine.get(line) as BatchLine;
        const tokens = tokensOf(outputs?.[index]);
        usage = { input: usage.input + tokens.input, output: usage.output + tokens.output };
        const answer =
          outputs === undefined ? faultLine(read, faultOf(job), context) : outputLine(read, outputs[index], context);
        answers.set(line, answer);
      }
    }
    const written = [...answers].sort(([one], [other]) => one - other).map(([, answer]) => answer);
    return { written, usage };
  }

  /** A file of the batch, under an id that is the same if it has to be written again; nothing where it would be empty. */
  async #write(
    { id, keyId }: StoredBatch,
    kind: "output" | "error",
    lines: readonly string[],
  ): Promise<string | undefined> {
    if (lines.length === 0) {
      return undefined;
    }
    const { files, now } = this.#options;
    const fileId = `file-${createHash("sha256").update(`${id}/${kind}`).digest("hex").slice(0, 24)}`;
    const file = { keyId, filename: `${id}_${kind}.jsonl`, purpose: "batch_output" as const };
    await files.save(file, lines, now(), fileId);
    return fileId;
  }

  /** A stop is no failure. Anything else unforeseen ends the batch, so that nobody waits for it. */
  #giveUp(id: string, error: unknown): void {
    if (this.#stop.signal.aborted) {
      return;
    }
    const { batches, logger, now } = this.#options;
    logger.error("batch failed", { batchId: id, error });
    const errors = [{ code: "internal_error", message: "The gateway failed on this batch.", param: null, line: null }];
    batches.update(id, { status: "failed", failedAt: now(), errors });
  }
}

const EMPTY: BatchFault = { code: "empty_file", message: "The file has no lines.", param: null, line: null };

function unknownModel({ line, model }: BatchLine): BatchFault {
  const message = `Nobody on the market offers the model ${model}. GET /v1/models lists those on offer.`;
  return { code: "model_not_found", message, param: "body.model", line };
}

function faultOf({ error }: BatchJob): { readonly code: string; readonly message: string } {
  return error ?? { code: "internal_error", message: "The job of this line has no end." };
}

function endOf(
  { status, expiresAt }: StoredBatch,
  jobs: readonly BatchJob[],
  now: number,
): [BatchStatus, Partial<StoredBatch>] {
  if (status === "cancelling") {
    return ["cancelled", { cancelledAt: now }];
  }
  const isExpired = now >= expiresAt || jobs.some(({ error }) => error?.code === "batch_expired");
  return isExpired ? ["expired", { expiredAt: now }] : ["completed", { completedAt: now }];
}
