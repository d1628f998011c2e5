import type { BatchJob, StoredBatch } from "./state.ts";

/**
 * OpenAI's batch object. Beside its fields, `touchstone.jobs` tells each job of the market behind it, with the roots that
 * lie on chain; where there is one job, `metadata` tells it too, for clients that drop fields they do not know.
 */
export function batchObject(batch: StoredBatch, jobs: readonly BatchJob[]) {
  const { errors, counts, usage } = batch;
  return {
    id: batch.id,
    object: "batch",
    endpoint: batch.endpoint,
    errors: errors === undefined ? null : { object: "list", data: errors },
    input_file_id: batch.inputFileId,
    completion_window: batch.completionWindow,
    status: batch.status,
    output_file_id: batch.outputFileId ?? null,
    error_file_id: batch.errorFileId ?? null,
    created_at: batch.createdAt,
    in_progress_at: batch.inProgressAt ?? null,
    expires_at: batch.expiresAt,
    finalizing_at: batch.finalizingAt ?? null,
    completed_at: batch.completedAt ?? null,
    failed_at: batch.failedAt ?? null,
    expired_at: batch.expiredAt ?? null,
    cancelling_at: batch.cancellingAt ?? null,
    cancelled_at: batch.cancelledAt ?? null,
    request_counts: { ...counts, completed: counts.completed || doneOf(jobs) },
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.input + usage.output,
    },
    metadata: metadataOf(batch, jobs),
    touchstone: { jobs: jobs.map(jobObject) },
  } as const;
}

function jobObject({ phase, model, modelName, lines, job, provider, price, inputRoot, resultRoot, error }: BatchJob) {
  return {
    phase,
    model,
    model_name: modelName,
    items: lines.length,
    job: job ?? null,
    provider: provider ?? null,
    price: price ?? null,
    input_root: inputRoot ?? null,
    result_root: resultRoot ?? null,
    error: error ?? null,
  };
}

function doneOf(jobs: readonly BatchJob[]): number {
  return jobs.reduce((sum, { done }) => sum + done, 0);
}

function metadataOf({ metadata }: StoredBatch, jobs: readonly BatchJob[]): Readonly<Record<string, string>> | null {
  const [only] = jobs;
  if (jobs.length !== 1 || only?.job === undefined) {
    return metadata;
  }
  const told = {
    touchstone_job: only.job,
    ...(only.inputRoot !== undefined && { touchstone_input_root: only.inputRoot }),
    ...(only.resultRoot !== undefined && { touchstone_result_root: only.resultRoot }),
  };

  return { ...metadata, ...told };
}
