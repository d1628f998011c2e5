import { encodeEnvelope, type ReceiptEnvelope } from "@touchstone/sdk/protocol";
import type { StoredBatch } from "../../../store/batches.ts";
import { BATCH_ENDPOINT } from "./lines.ts";

/** The one window that a batch can ask for. */
export const BATCH_WINDOW = "24h";

/** OpenAI's batch object. Beside its fields, `touchstone` has the most that it may cost, what it cost, and the receipt. */
export function batchObject(batch: StoredBatch, envelope: ReceiptEnvelope | undefined) {
  const { times, usage, failure } = batch;
  const { input, output } = usage;
  return {
    id: batch.id,
    object: "batch",
    endpoint: BATCH_ENDPOINT,
    errors: failure === undefined ? null : { object: "list", data: [{ ...failure, line: null, param: null }] },
    input_file_id: batch.inputFileId,
    completion_window: BATCH_WINDOW,
    status: batch.status,
    output_file_id: batch.outputFileId ?? null,
    error_file_id: batch.errorFileId ?? null,
    created_at: batch.createdAt,
    in_progress_at: times.in_progress ?? null,
    expires_at: batch.expiresAt,
    finalizing_at: times.finalizing ?? null,
    completed_at: times.completed ?? null,
    failed_at: times.failed ?? null,
    expired_at: times.expired ?? null,
    cancelling_at: times.cancelling ?? null,
    cancelled_at: times.cancelled ?? null,
    request_counts: batch.counts,
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    },
    metadata: batch.metadata,
    touchstone: {
      reserve: batch.reserve,
      charged: envelope?.receipt.amount.toString() ?? null,
      receipt: envelope === undefined ? null : (JSON.parse(encodeEnvelope(envelope)) as object),
    },
  } as const;
}
