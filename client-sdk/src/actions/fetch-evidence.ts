import { type Hex, zeroHash } from "viem";
import { type CardError, ContentError, type JobError } from "../errors.ts";
import type { ResultEvidence } from "../protocol/evidence.ts";
import { traceRoot } from "../protocol/trace.ts";
import { fetchInput } from "./fetch-input.ts";
import { type FetchedItem, fetchResults } from "./fetch-results.ts";
import { getProviderCard } from "./get-provider-card.ts";
import { chainIdOf, type ReadClient, type WithHistory } from "./internal/clients.ts";
import { fetchBlobs, requireUrls } from "./internal/content.ts";
import type { HttpErrorType, HttpOptions } from "./internal/http.ts";
import { readWork } from "./internal/job-state.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface FetchEvidenceParameters extends WithHistory, HttpOptions {
  readonly job: Hex;
  /** Bases of servers that may have the results, tried in order. Default: the one on the provider's card. */
  readonly urls?: readonly string[] | undefined;
  /** Longer requests, outputs and traces are refused. Default 8 MiB. */
  readonly maxItemBytes?: number | undefined;
}

export type FetchEvidenceErrorType = ReadErrorType | HttpErrorType | ContentError | JobError | CardError;

/** A trace is 52 bytes a token, so this is for 160,000 of them. */
const MAX_ITEM_BYTES = 8 * 1024 * 1024;

/**
 * Fetches all that it takes to judge a submitted result, or a call whose receipt was brought to the court: requests,
 * outputs and traces, every byte checked against what is on chain. Keep it with `encodeEvidence`: nodes delete what is
 * old.
 *
 * @example
 * const evidence = await client.fetchEvidence({ job });
 * await writeFile("result.json", encodeEvidence(evidence));
 */
export async function fetchEvidence(client: ReadClient, parameters: FetchEvidenceParameters): Promise<ResultEvidence> {
  const { market, job, urls: given, ...rest } = parameters;
  const { fromBlock: _, ...options } = { ...rest, maxItemBytes: rest.maxItemBytes ?? MAX_ITEM_BYTES };
  const [{ spec, uri, frozen }, chainId] = await Promise.all([readWork(client, parameters), chainIdOf(client)]);
  if (frozen === undefined || frozen.resultRoot === zeroHash) {
    const sentence = `Job ${job} has no result yet: wait with \`waitForJob({ until: "submitted" })\`.`;
    throw new ContentError("RESULT_NOT_SUBMITTED", sentence, { details: { job } });
  }
  const { provider, verified } = frozen;
  const urls = requireUrls(given ?? [(await getProviderCard(client, { ...parameters, provider })).endpoint]);
  const inputUrls = [...urls, ...(uri === "" ? [] : [uri])];
  const [{ items: results, root }, { requests }] = await Promise.all([
    fetchResults(client, { ...parameters, urls, maxItemBytes: options.maxItemBytes }),
    fetchInput({ ...options, root: spec.input, urls: inputUrls, maxItems: spec.items }),
  ]);
  const traces = await fetchTraces(results, urls, options);
  const items = results.map(({ bytes: output, traceRoot }, index) => ({
    request: requests[index] as Uint8Array,
    output,
    trace: traces[index] as Uint8Array,
    traceRoot,
  }));
  return { chainId, market, job: job.toLowerCase() as Hex, spec, provider, root, verified, items };
}

/** A server names each trace by a hash that nobody committed to: what comes must have the root that somebody did. */
async function fetchTraces(
  results: readonly FetchedItem[],
  urls: readonly string[],
  options: HttpOptions & { readonly maxItemBytes: number },
): Promise<Uint8Array[]> {
  const traced = results.filter((item) => item.traceRoot !== zeroHash);
  const hashes = traced.map(({ traceHash }) => traceHash);
  const blobs = await fetchBlobs(hashes, urls, options);
  const byIndex = new Map(traced.map(({ index }, position) => [index, blobs[position] as Uint8Array]));
  return results.map(({ index, traceRoot: root }) => {
    const trace = byIndex.get(index) ?? new Uint8Array();
    if (traceRoot(trace) !== root) {
      const sentence = `The server sent another trace of item ${index} than that whose root is on chain.`;
      throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { item: index, root } });
    }
    return trace;
  });
}
