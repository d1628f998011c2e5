import type { KeptReceipt } from "@touchstone/sdk";
import { ContentError, parseAs, resultListSchema, TRACE_ENTRY_BYTES, traceRoot } from "@touchstone/sdk/protocol";
import { type Hex, zeroHash } from "viem";
import type { Settings } from "../config.ts";
import { downloader } from "../stages/download.ts";

const LIST_BYTES = 65_536;
/** No model here has a longer context. */
const MAX_TRACE_BYTES = 160_000 * TRACE_ENTRY_BYTES;

/**
 * The trace of a call from who made it: buyers do not keep traces. The address comes from the file, so only public ones are
 * asked unless `allowPrivateNetworks` says otherwise.
 *
 * @throws NodeError of the download; ContentError for a trace of another root: none of it says anything about the answer.
 */
export async function fetchKeptTrace(
  { endpoint, job, envelope }: Pick<KeptReceipt, "endpoint" | "job" | "envelope">,
  { allowPrivateNetworks, downloadTimeoutMs: timeoutMs }: Settings,
): Promise<Uint8Array> {
  if (envelope.traceRoot === zeroHash) {
    return new Uint8Array();
  }
  const { signal } = new AbortController();
  const download = downloader({ allowPrivateNetworks, timeoutMs });
  const base = endpoint.replace(/\/+$/, "");
  const list = new TextDecoder().decode(await download(`${base}/results/${job}`, LIST_BYTES, signal));
  const hash = readTraceHash(list);
  const trace =
    hash === undefined ? new Uint8Array() : await download(`${base}/blobs/${hash}`, MAX_TRACE_BYTES, signal);
  if (traceRoot(trace) !== envelope.traceRoot) {
    const sentence = `${base} hands out another trace than the one that its receipt commits to. It says nothing about the answer.`;
    throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { job } });
  }
  return trace;
}

function readTraceHash(list: string): Hex | undefined {
  let value: unknown;
  try {
    value = JSON.parse(list);
  } catch {
    value = undefined;
  }
  return parseAs(resultListSchema, value, "list of results").items[0]?.traceHash;
}
