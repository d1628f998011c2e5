import { type InferenceRequest, parseRequest, RequestError } from "@touchstone/sdk/protocol";
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
  let measure: Measure = { promptTokens: 0, maxOutputTokens: 0, bytes: 0 };
  for (const hash of requests) {
    const bytes = await requireBlob(blobs, hash);
    const { promptTokens, maxOutputTokens } = await measureRequest(bytes, engine);
    measure = {
      promptTokens: measure.promptTokens + promptTokens,
      maxOutputTokens: measure.maxOutputTokens + maxOutputTokens,
      bytes: measure.bytes + bytes.length,
    };
  }
  return measure;
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
async function measureRequest(bytes: Uint8Array, engine: Engine): Promise<Omit<Measure, "bytes">> {
  const request = parseOrUndefined(bytes);
  if (request === undefined) {
    return { promptTokens: 0, maxOutputTokens: 0 };
  }
  const { contextLength, defaults } = engine.model;
  const promptTokens = await engine.countPromptTokens(request);
  const wanted = request.maxTokens ?? defaults.maxTokens;
  return { promptTokens, maxOutputTokens: Math.max(0, Math.min(wanted, contextLength - promptTokens)) };
}

function parseOrUndefined(bytes: Uint8Array): InferenceRequest | undefined {
  try {
    return parseRequest(bytes);
  } catch (error) {
    if (error instanceof RequestError) {
      return undefined;
    }
    throw error;
  }
}
