import { encodeOutput, readRequest, resultRoot, samplingSeed, seedOf, traceRoot } from "@touchstone/sdk/protocol";
import PQueue from "p-queue";
import { type Hex, zeroHash } from "viem";
import type { Engine, Generated } from "../engine/engine.ts";
import { NodeError } from "../errors.ts";
import { deadlineOf } from "../jobs/machine.ts";
import type { JobRow } from "../store/jobs.ts";
import type { ItemResult } from "../store/results.ts";
import type { StageContext, StageResult } from "./context.ts";
import { requireBlob } from "./measure.ts";

/**
 * Runs the model over a job's items. Each output is on disk before its row, so a restart goes on with what is missing.
 *
 * @throws NodeError `ENGINE_FAILED`, `BLOB_MISSING`, `BLOB_CORRUPT`, `TOO_LATE`, and those of the disk.
 */
export async function execute(context: StageContext, job: JobRow): Promise<StageResult> {
  const { store, engines, provider } = context;
  const engine = engines.get(job.spec.model);
  const requests = store.inputs.list(job.spec.input)?.requests;
  if (engine === undefined || requests === undefined) {
    throw new NodeError("BLOB_MISSING", `The model or the input of job ${job.id} is gone. Add the model again.`);
  }
  const results = store.results.of(job.id);
  const missing = requests.map((request, index) => ({ request, index })).filter(({ index }) => !results.has(index));
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const timer = abortWhenLate(stop, context, job);
  const queue = new PQueue({ concurrency: context.parallelItems });
  const tasks = missing.map(({ request, index }) => async () => {
    signal.throwIfAborted();
    const result = await executeItem(context, engine, { job: job.id, request, index, signal });
    store.results.record(job.id, index, result);
    context.logger.debug("item stored", { job: job.id, index, tokens: result.tokens });
  });
  try {
    await queue.addAll(tasks);
  } catch (error) {
    stop.abort(error); // What else is being generated would be wasted.
    await queue.onIdle();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const items = [...store.results.of(job.id).values()];
  const root = resultRoot({ job: job.id, provider, items });
  return { event: { type: "executed", root } };
}

interface Item {
  readonly job: Hex;
  readonly request: Hex;
  readonly index: number;
  readonly signal: AbortSignal;
}

async function executeItem(context: StageContext, engine: Engine, item: Item): Promise<ItemResult> {
  const bytes = await requireBlob(context.store.blobs, item.request);
  const { output, trace, completionTokens } = await generate(context, engine, bytes, item);
  const { blobs } = context.store;
  const isTraced = trace.length > 0 && engine.model.verification !== undefined;
  const traced = isTraced
    ? { traceRoot: traceRoot(trace), traceHash: await blobs.put(trace) }
    : { traceRoot: zeroHash, traceHash: zeroHash };
  const outputHash = await blobs.put(encodeOutput(output));
  return { outputHash, ...traced, tokens: "tokens" in output ? (completionTokens ?? output.tokens.length) : 0 };
}

async function generate(context: StageContext, engine: Engine, bytes: Uint8Array, item: Item): Promise<Generated> {
  const request = readRequest(bytes);
  if ("error" in request) {
    return { output: request, trace: new Uint8Array() };
  }
  const base = samplingSeed({ job: item.job, provider: context.provider, index: item.index });
  const seed = seedOf(request, base);
  const started = context.clock.now();
  const generated = await engine.generate(request, { seed, signal: item.signal });
  const { output, completionTokens } = generated;
  if ("tokens" in output) {
    context.onGenerated(
      engine.model.id,
      completionTokens ?? output.tokens.length,
      (context.clock.now() - started) / 1000,
    );
  }
  return generated;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** A result that comes too late is not paid. */
function abortWhenLate(stop: AbortController, { now }: StageContext, { id, spec, state }: JobRow): NodeJS.Timeout {
  const leftMs = ((deadlineOf(state, spec) ?? Number.POSITIVE_INFINITY) - now()) * 1000;
  const error = new NodeError("TOO_LATE", `Job ${id} could not be done in time.`, { details: { job: id } });
  const abort = () => now() >= (deadlineOf(state, spec) ?? 0) && stop.abort(error);
  return setTimeout(abort, Math.min(Math.max(0, leftMs), MAX_TIMER_MS));
}
