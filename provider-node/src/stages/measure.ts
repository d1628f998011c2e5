import { readRequest, TRACE_CHUNK_BYTES, TRACE_ENTRY_BYTES } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Engine } from "../engine/engine.ts";
import { NodeError } from "../errors.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Measure } from "../store/jobs.ts";

/**
 * Reads every request, which checks that it is there and whole, and adds up what they ask for.
 *
 * @throws NodeError `BLOB_MISSING` or `BLOB_CORRUPT`.
 */
export async function measureInput(requests: readonly Hex[], engine: Engine, blobs: Blobs): Promise<Measure> {
  let measure = { promptTokens: 0, maxOutputTokens: 0, bytes: 0, answerBytes: 0 };
  for (const hash of requests) {
    const bytes = await requireBlob(blobs, hash);
    const { promptTokens, maxOutputTokens } = await measureRequest(bytes, engine);
    measure = {
      promptTokens: measure.promptTokens + promptTokens,
      maxOutputTokens: measure.maxOutputTokens + maxOutputTokens,
      bytes: measure.bytes + bytes.length,
      answerBytes: Math.max(measure.answerBytes, answerBytesOf(bytes.length, maxOutputTokens, engine)),
    };
  }
  return measure;
}

/** Text and id of a token in an output, roughly. */
const BYTES_PER_TOKEN = 16;

/** What answers a demand for an item: request, output and the first chunk of the trace. */
function answerBytesOf(requestBytes: number, maxOutputTokens: number, { model }: Engine): number {
  const trace = Math.min(Number(TRACE_CHUNK_BYTES), maxOutputTokens * TRACE_ENTRY_BYTES);
  return model.verification === undefined ? 0 : requestBytes + maxOutputTokens * BYTES_PER_TOKEN + trace;
}

/** The bytes behind a hash that must be there. */
export async function requireBlob(blobs: Blobs, hash: Hex): Promise<Uint8Array> {
  const bytes = await blobs.get(hash);
  if (bytes === undefined) {
    throw new NodeError("BLOB_MISSING", `Blob ${hash} is not on this node. Send it by POST /inputs.`, {
      details: { hash },
    });
  }
  return bytes;
}

/** A bad item asks for nothing: its output is an error, which costs no model time. */
async function measureRequest(
  bytes: Uint8Array,
  engine: Engine,
): Promise<Pick<Measure, "promptTokens" | "maxOutputTokens">> {
  const request = readRequest(bytes);
  if ("error" in request) {
    return { promptTokens: 0, maxOutputTokens: 0 };
  }
  const { contextLength, defaults } = engine.model;
  const promptTokens = await engine.countPromptTokens(request);
  const wanted = request.maxTokens ?? defaults.maxTokens;
  return { promptTokens, maxOutputTokens: Math.max(0, Math.min(wanted, contextLength - promptTokens)) };
}
