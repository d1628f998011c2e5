import { createHash } from "node:crypto";
import { chatCompletion, type ItemOutput } from "@touchstone/sdk/protocol";
import type { BadLine, BatchLine } from "./lines.ts";
import type { BatchFault } from "./state.ts";

/** Where a line's answer comes from: ids must not change when a file is written again. */
export interface LineContext {
  readonly batchId: string;
  /** Unix seconds. */
  readonly created: number;
}

/** A line of the output file (an answer) or of the error file. */
export interface OutputLine {
  readonly isError: boolean;
  readonly text: string;
}

const REFUSED = 400;

/** The line that an item's output becomes. What could not be served goes to the errors, with the provider's words. */
export function outputLine(
  { line, customId, model }: BatchLine,
  output: ItemOutput | undefined,
  context: LineContext,
): OutputLine {
  if (output === undefined) {
    const message = "What the provider answered is no output. It answers for that: challenge the job.";
    return faultLine({ line, customId }, { code: "output_invalid", message }, context);
  }
  const ids = idsOf(context, line);
  const isError = "error" in output;
  const body = isError
    ? { error: { message: output.error.message, type: "invalid_request_error", param: null, code: output.error.code } }
    : chatCompletion({ output, id: ids.completion, created: context.created, model });
  const response = { status_code: isError ? REFUSED : 200, request_id: ids.request, body };
  return { isError, text: write({ id: ids.line, custom_id: customId, response, error: null }) };
}

/** The line of the error file for a line that was never answered. */
export function faultLine(
  { line, customId }: Pick<BadLine, "line" | "customId">,
  { code, message }: Pick<BatchFault, "code" | "message">,
  context: LineContext,
): OutputLine {
  const { line: id } = idsOf(context, line);
  return { isError: true, text: write({ id, custom_id: customId, response: null, error: { code, message } }) };
}

function idsOf({ batchId }: LineContext, line: number) {
  const hash = createHash("sha256").update(`${batchId}/${line}`).digest("hex").slice(0, 24);
  return { line: `batch_req_${hash}`, request: `req_${hash}`, completion: `chatcmpl-${hash}` } as const;
}

function write(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
