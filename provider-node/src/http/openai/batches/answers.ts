import { createHash } from "node:crypto";
import { chatCompletion, type Usage } from "@touchstone/sdk/protocol";
import { type ApiError, apiErrorBody } from "../errors.ts";
import type { ShownAnswer } from "../face.ts";
import type { BatchLine } from "./lines.ts";

/** Which batch a line is of, and when it began. */
export interface BatchHead {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** A line of the output file, or of the error file. */
export interface AnsweredLine {
  /** Of the input file, from 1. */
  readonly line: number;
  /** What the answer used; nothing where there is none. */
  readonly usage: Usage | undefined;
  /** JSON and a line feed. */
  readonly text: string;
}

type LineName = Pick<BatchLine, "line"> & { readonly customId: string | null };

/** A line that was answered. */
export function answeredLine(head: BatchHead, line: BatchLine, { output, usage, logprobs }: ShownAnswer): AnsweredLine {
  const id = `chatcmpl-${idOf(head, line)}`;
  const body = chatCompletion({ output, usage, logprobs, id, created: head.createdAt, model: line.model });
  return { line: line.line, usage, text: write(head, line, { response: responseOf(head, line, 200, body) }) };
}

/** A line that could not be answered, with what it would have been told as a call of its own. */
export function refusedLine(head: BatchHead, line: LineName, fault: ApiError): AnsweredLine {
  const response = responseOf(head, line, fault.status, apiErrorBody(fault));
  return { line: line.line, usage: undefined, text: write(head, line, { response }) };
}

/** A line that was never asked. */
export function unaskedLine(head: BatchHead, line: LineName, reason: "cancelled" | "expired"): AnsweredLine {
  const message = `The batch was ${reason === "expired" ? "over its time" : reason} before this line was asked.`;
  const error = { code: `batch_${reason}`, message };
  return { line: line.line, usage: undefined, text: write(head, line, { error }) };
}

function responseOf(head: BatchHead, line: LineName, status: number, body: object) {
  return { status_code: status, request_id: `req_${idOf(head, line)}`, body };
}

function write(head: BatchHead, line: LineName, { response = null, error = null }: Record<string, object | null>) {
  return `${JSON.stringify({ id: `batch_req_${idOf(head, line)}`, custom_id: line.customId, response, error })}\n`;
}

/** Names a line without telling the batch's id. */
function idOf({ id }: BatchHead, { line }: LineName): string {
  return createHash("sha256").update(`${id}/${line}`).digest("hex").slice(0, 24);
}
