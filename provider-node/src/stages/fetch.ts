import { inputListSchema, inputRoot, parseAs, requestHash, SEALED } from "@touchstone/sdk/protocol";
import PQueue from "p-queue";
import type { Hex } from "viem";
import { NodeError } from "../errors.ts";
import type { JobRow } from "../store/jobs.ts";
import type { StageContext, StageResult } from "./context.ts";
import { measureInput } from "./measure.ts";

/** Requests that are fetched side by side. */
const PARALLEL = 8;
/** A hash in a JSON list, with room to spare. */
const BYTES_PER_HASH = 80;

/**
 * Brings every input of a job onto this disk, from the buyer's upload or the job's `uri`, each checked against its hash.
 *
 * @throws NodeError `INPUT_NOWHERE`, `INPUT_URL_FORBIDDEN`, `INPUT_MISMATCH`, `INPUT_TOO_LARGE`, `INPUT_UNREACHABLE`, and
 * those of the disk.
 */
export async function fetch(context: StageContext, job: JobRow): Promise<StageResult> {
  const { store, engines } = context;
  const requests = store.inputs.list(job.spec.input)?.requests ?? (await downloadList(context, job));
  if (requests.length !== job.spec.items || inputRoot(requests) !== job.spec.input) {
    throw mismatch(job, "The list of requests is not the one that the job names.");
  }
  const queue = new PQueue({ concurrency: PARALLEL });
  await queue.addAll(requests.map((hash) => () => bring(context, job, hash)));
  store.inputs.record(requests, context.clock.unixTime());
  if (job.spec.flags !== SEALED) {
    store.inputs.unseal(job.spec.input); // Audits must see it.
  }

  const engine = engines.get(job.spec.model);
  if (engine === undefined) {
    throw new NodeError("MODEL_NOT_SERVED", "This node no longer serves the job's model. Add it to `models` again.");
  }
  store.jobs.setMeasure(job.id, await measureInput(requests, engine, store.blobs));
  return { event: { type: "fetched" } };
}

async function downloadList(context: StageContext, job: JobRow): Promise<readonly Hex[]> {
  const bytes = await download(context, job, `inputs/${job.spec.input}`, BYTES_PER_HASH * (job.spec.items + 1));
  try {
    const list: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return parseAs(inputListSchema, list, "list of inputs").requests;
  } catch (cause) {
    throw mismatch(job, "The server of the input answers no list of requests.", cause);
  }
}

async function bring(context: StageContext, job: JobRow, hash: Hex): Promise<void> {
  const { blobs } = context.store;
  if (await blobs.has(hash)) {
    return;
  }
  const bytes = await download(context, job, `blobs/${hash}`, context.maxRequestBytes);
  if (requestHash(bytes) !== hash) {
    throw mismatch(job, `The server of the input answers other bytes for ${hash}.`);
  }
  await blobs.put(bytes);
}

function download(context: StageContext, { id, uri }: JobRow, route: string, maxBytes: number): Promise<Uint8Array> {
  if (uri === "") {
    const sentence =
      "The input is not on this node and the job says no place to fetch it from. Send it by POST /inputs.";
    throw new NodeError("INPUT_NOWHERE", sentence, { details: { job: id } });
  }
  return context.download(`${uri.replace(/\/+$/, "")}/${route}`, maxBytes, context.signal);
}

function mismatch({ id, spec }: JobRow, sentence: string, cause?: unknown): NodeError {
  return new NodeError("INPUT_MISMATCH", sentence, { cause, details: { job: id, input: spec.input } });
}
