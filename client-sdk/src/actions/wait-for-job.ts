import type { Hex } from "viem";
import { JobError, TouchstoneError } from "../errors.ts";
import { enumName } from "../protocol/enum-name.ts";
import { JobStatus, Outcome } from "../protocol/generated/enums.ts";
import { type JobProgress, jobProgressSchema } from "../protocol/wire.ts";
import { type GetJobReturnType, getJob } from "./get-job.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { httpJson, routeUrl } from "./internal/http.ts";
import { pause } from "./internal/pause.ts";
import { type ReadErrorType, readMarket } from "./internal/transact.ts";

/** What to wait for: `submitted` (results can be fetched), `settled` (the provider is paid), `ended` (in any way). */
export type JobMilestone = "submitted" | "settled" | "ended";

/** How far a job is. */
export interface JobProgressReport {
  /** On chain; `None` for an order that is not brought there yet. */
  readonly status: JobStatus;
  /** What the provider's node says, where one was named and answers. */
  readonly node: JobProgress | undefined;
}

export interface WaitForJobParameters extends WithHistory {
  readonly job: Hex;
  readonly until: JobMilestone;
  /** Told at first and whenever something changed. */
  readonly onProgress?: ((report: JobProgressReport) => void) | undefined;
  /** Told of failures of the RPC server; the wait goes on. */
  readonly onError?: ((error: TouchstoneError) => void) | undefined;
  /** Base of the provider's node, for its progress. It is not trusted with the outcome. */
  readonly url?: string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the wait with `JOB_WAIT_TIMEOUT`. Default: never. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds between looks. Default: the client's. */
  readonly pollingInterval?: number | undefined;
}

export type WaitForJobReturnType = GetJobReturnType;

export type WaitForJobErrorType = ReadErrorType | JobError;

const REACHED: Readonly<Record<JobMilestone, readonly JobStatus[]>> = {
  submitted: [JobStatus.Submitted, JobStatus.InCase, JobStatus.Settled],
  settled: [JobStatus.Settled],
  ended: [JobStatus.Settled, JobStatus.Refunded, JobStatus.Rejected],
};

const MAX_PROGRESS_BYTES = 16_384;
const PROGRESS_TIMEOUT_MS = 5_000;

/**
 * Waits until a job gets somewhere, through its cases if there are any. A failing RPC server delays it.
 *
 * @throws JobError `JOB_ENDED` where the job ended otherwise, `JOB_GIVEN_UP` where the node dropped an order,
 *   `JOB_WAIT_TIMEOUT`.
 * @example
 * await buyer.waitForJob({ job, until: "submitted", url: node, onProgress: ({ node }) => console.log(node?.done) });
 */
export async function waitForJob(client: ReadClient, parameters: WaitForJobParameters): Promise<WaitForJobReturnType> {
  const { until, signal, timeoutMs, pollingInterval = client.pollingInterval } = parameters;
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const ends = [signal, timeout].filter((one) => one !== undefined);
  const end = AbortSignal.any(ends);
  let told = "";
  for (;;) {
    try {
      const report = await look(client, parameters, end);
      const text = JSON.stringify(report);
      if (text !== told) {
        told = text;
        parameters.onProgress?.(report);
      }
      if (REACHED[until].includes(report.status)) {
        return await getJob(client, parameters);
      }
      await requireHope(client, parameters, report);
    } catch (error) {
      if (!(error instanceof TouchstoneError && error.retryable)) {
        throw error;
      }
      parameters.onError?.(error);
    }
    await pause(pollingInterval, end);
    signal?.throwIfAborted();
    if (timeout?.aborted) {
      throw timeoutError(parameters);
    }
  }
}

async function look(
  client: ReadClient,
  { market, job, url, fetch }: WaitForJobParameters,
  signal: AbortSignal,
): Promise<JobProgressReport> {
  const [stored, node] = await Promise.all([
    readMarket(client, { market, functionName: "jobOf", args: [job] }),
    url === undefined
      ? undefined
      : httpJson(jobProgressSchema, "progress", {
          url: routeUrl(url, `jobs/${job}`),
          fetch,
          signal,
          retries: 0,
          timeoutMs: PROGRESS_TIMEOUT_MS,
          maxBytes: MAX_PROGRESS_BYTES,
        }).catch(() => undefined),
  ]);
  return { status: stored.status as JobStatus, node };
}

/** Throws where what is waited for cannot come any more. */
async function requireHope(
  client: ReadClient,
  parameters: WaitForJobParameters,
  { status, node }: JobProgressReport,
): Promise<void> {
  const { job, until } = parameters;
  if (status === JobStatus.None && node?.error !== undefined) {
    const { code, message } = node.error;
    const sentence = `The node gave up the order ${job}: ${message} (${code})`;
    throw new JobError("JOB_GIVEN_UP", sentence, job, { details: { error: node.error } });
  }
  if (REACHED.ended.includes(status)) {
    const { ending } = await getJob(client, parameters);
    const outcome = enumName(Outcome, ending?.outcome ?? Outcome.None);
    const sentence = `Job ${job} ended as ${outcome} and will not be ${until} any more. The client was repaid.`;
    throw new JobError("JOB_ENDED", sentence, job, { details: { outcome, ending } });
  }
}

function timeoutError({ job, until, timeoutMs }: WaitForJobParameters): JobError {
  const sentence = `Job ${job} was not ${until} within ${timeoutMs} ms. It goes on: wait again, or look with \`getJob\`.`;
  return new JobError("JOB_WAIT_TIMEOUT", sentence, job, { details: { until, timeoutMs } });
}
