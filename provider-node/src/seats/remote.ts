import {
  inputListSchema,
  inputRoot,
  parseAs,
  type ResultList,
  requestHash,
  resultListSchema,
  resultRoot,
  TRACE_ENTRY_BYTES,
  traceRoot,
} from "@touchstone/sdk/protocol";
import { type Hex, keccak256, zeroHash } from "viem";
import { NodeError } from "../errors.ts";
import type { Blobs } from "../store/blobs.ts";
import type { CaseFile, SeatContext } from "./context.ts";
import type { Exhibit } from "./machine.ts";

/** Room for the fixed part of a list, and for each of its items. */
const LIST_BYTES = 4096;
const LIST_ITEM_BYTES = 512;
/** Longest output that is fetched: what is longer is asked for on chain, where bytes cost. */
const MAX_OUTPUT_BYTES = 4 * 2 ** 20;

/** What a provider's server says it has of a job: it fits the roots on chain, whoever said it. */
export interface Listing {
  readonly base: string;
  readonly results: ResultList["items"];
  readonly requests: readonly Hex[];
}

/** Where a case's bytes come from and go to. */
export interface Fetching {
  readonly file: CaseFile;
  readonly evidence: Blobs;
  readonly contextLength: number;
  readonly signal: AbortSignal;
}

/**
 * The lists of a job's results and requests from its provider's server.
 *
 * @throws NodeError `EVIDENCE_CONTRADICTORY`, and those of the download and the card.
 */
export async function fetchListing(context: SeatContext, { file, signal }: Fetching): Promise<Listing> {
  const { spec, frozen, row } = file;
  const base = await context.endpointOf(frozen.provider, signal);
  const maxBytes = LIST_BYTES + LIST_ITEM_BYTES * spec.items;
  const get = async (route: string) => parseJson(await context.download(`${base}/${route}`, maxBytes, signal));
  const { items } = parseAs(resultListSchema, await get(`results/${row.job}`), "list of results");
  const isOfRoot = resultRoot({ job: row.job, provider: frozen.provider, items }) === frozen.resultRoot;
  if (items.length !== spec.items || !isOfRoot) {
    throw contradictory(base, "a list of results that is not under the root on chain");
  }
  const { requests } = parseAs(inputListSchema, await get(`inputs/${spec.input}`), "list of inputs");
  if (requests.length !== spec.items || inputRoot(requests) !== spec.input) {
    throw contradictory(base, "a list of requests that is not under the root on chain");
  }
  return { base, results: items, requests };
}

/**
 * Brings one item onto this disk from its provider's server.
 *
 * @throws NodeError `EVIDENCE_CONTRADICTORY`, and those of the download and the disk.
 */
export async function fetchItem(
  context: SeatContext,
  { evidence, contextLength, signal }: Fetching,
  listing: Listing,
  index: number,
): Promise<Exhibit> {
  const { base } = listing;
  const { outputHash, traceRoot: root, traceHash } = listing.results[index] as Listing["results"][number];
  const request = listing.requests[index] as Hex;
  const bring = async (hash: Hex, maxBytes: number, fits: (bytes: Uint8Array) => boolean): Promise<Hex> => {
    if (await evidence.has(hash)) {
      return hash;
    }
    const bytes = await context.download(`${base}/blobs/${hash}`, maxBytes, signal);
    if (!fits(bytes)) {
      throw contradictory(base, `other bytes than those of ${hash}`);
    }
    return evidence.put(bytes);
  };
  await bring(request, context.maxRequestBytes, (bytes) => requestHash(bytes) === request);
  const output = await bring(outputHash, MAX_OUTPUT_BYTES, (bytes) => keccak256(bytes) === outputHash);
  const trace =
    root === zeroHash
      ? await evidence.put(new Uint8Array())
      : await bring(traceHash, traceBytes(contextLength), (bytes) => traceRoot(bytes) === root);
  return { index, request, output, trace, traceRoot: root };
}

/** No rightful trace is longer: an entry for each token that fits, and one for the end. */
export function traceBytes(contextLength: number): number {
  return (contextLength + 1) * TRACE_ENTRY_BYTES;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function contradictory(base: string, what: string): NodeError {
  const sentence = `${base} sent ${what}. It is asked again, and then on chain.`;
  return new NodeError("EVIDENCE_CONTRADICTORY", sentence, { details: { base } });
}
