import { type Address, type Hex, zeroHash } from "viem";
import { type CardError, ContentError, HttpError, InvalidDataError, type JobError } from "../errors.ts";
import { resultRoot } from "../protocol/leaf.ts";
import { decodeOutput, type ItemOutput } from "../protocol/output.ts";
import { RESULT_PENDING, resultListSchema } from "../protocol/wire.ts";
import { getProviderCard } from "./get-provider-card.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { fetchBlobs, fromAny, requireUrls } from "./internal/content.ts";
import { type HttpErrorType, type HttpOptions, httpJson, routeUrl } from "./internal/http.ts";
import { readWork } from "./internal/job-state.ts";
import { pause } from "./internal/pause.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface FetchResultsParameters extends WithHistory, HttpOptions {
  readonly job: Hex;
  /** Bases of servers that may have the results, tried in order. Default: the one on the provider's card. */
  readonly urls?: readonly string[] | undefined;
  /** Longer outputs are refused. Default 4 MiB. */
  readonly maxItemBytes?: number | undefined;
  /** How long to wait for a node that has not seen the root confirmed yet, in milliseconds. Default 60,000. */
  readonly patienceMs?: number | undefined;
}

/** One checked result. */
export interface FetchedItem {
  readonly index: number;
  readonly outputHash: Hex;
  readonly traceRoot: Hex;
  /** By which the server has the item's trace, as it says; zero where there is none. */
  readonly traceHash: Hex;
  /** The exact bytes that the provider answers for. */
  readonly bytes: Uint8Array;
  /** What the bytes say; nothing if they are no output, for which the provider answers too. */
  readonly output: ItemOutput | undefined;
}

/** The results, checked. */
export interface FetchResultsReturnType {
  readonly provider: Address;
  /** As the provider posted it. */
  readonly root: Hex;
  /** In order of the requests. */
  readonly items: readonly FetchedItem[];
}

export type FetchResultsErrorType = ReadErrorType | HttpErrorType | ContentError | JobError | CardError;

/** Room for the fixed part of a list of results, and for each of its items. */
const LIST_BYTES = 4096;
const LIST_ITEM_BYTES = 512;

const DEFAULT_PATIENCE_MS = 60_000;
const PENDING_PAUSE_MS = 250;

/**
 * Fetches the results of a submitted job. The list is checked against the root on chain and every byte against the list,
 * so it does not matter who serves them.
 *
 * @example
 * const { items } = await buyer.fetchResults({ job });
 * console.log(items.map(({ output }) => completionText(output)));
 */
export async function fetchResults(
  client: ReadClient,
  parameters: FetchResultsParameters,
): Promise<FetchResultsReturnType> {
  const { market: _, fromBlock: __, job, maxItemBytes, urls: given, ...options } = parameters;
  const { spec, frozen } = await readWork(client, parameters);
  if (frozen === undefined || frozen.resultRoot === zeroHash) {
    const sentence = `Job ${job} has no result yet: wait with \`waitForJob({ until: "submitted" })\`.`;
    throw new ContentError("RESULT_NOT_SUBMITTED", sentence, { details: { job } });
  }
  const { provider, resultRoot: root } = frozen;
  const urls = requireUrls(given ?? [(await getProviderCard(client, { ...parameters, provider })).endpoint]);
  const maxBytes = LIST_BYTES + LIST_ITEM_BYTES * spec.items;
  const leaves = await fromAny(`the results of job ${job}`, urls, options.signal, async (base) => {
    const url = routeUrl(base, `results/${job}`);
    const { items } = await confirmed(options, () =>
      httpJson(resultListSchema, "list of results", { ...options, url, maxBytes }),
    );
    if (resultRoot({ job, provider, items }) !== root) {
      const sentence = `${url} sent other results than those whose root is on chain: it is broken or lies.`;
      throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { url, root } });
    }
    return items;
  });
  if (leaves.length !== spec.items) {
    const sentence = `The provider posted ${leaves.length} results for a job of ${spec.items} items: it broke its promise.`;
    throw new ContentError("RESULT_INCOMPLETE", sentence, {
      details: { job, items: spec.items, results: leaves.length },
    });
  }
  const hashes = leaves.map(({ outputHash }) => outputHash);
  const blobs = await fetchBlobs(hashes, urls, { ...options, maxItemBytes });
  const items = leaves.map((leaf, index) => {
    const bytes = blobs[index] as Uint8Array;
    return { ...leaf, index, bytes, output: outputOf(bytes) };
  });
  return { provider, root, items };
}

/** What a node says once it has seen the root confirmed: it shows nothing before, and may see it later than we do. */
async function confirmed<T>(
  { patienceMs = DEFAULT_PATIENCE_MS, signal }: Pick<FetchResultsParameters, "patienceMs" | "signal">,
  ask: () => Promise<T>,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isPending = error instanceof HttpError && error.remoteCode === RESULT_PENDING;
      if (!isPending || Date.now() >= end) {
        throw error;
      }
    }
    await pause(PENDING_PAUSE_MS, signal);
    signal?.throwIfAborted();
  }
}

/**
 * The text that the model wrote.
 *
 * @throws ContentError `RESULT_WITHOUT_TEXT` for an item that could not be served, with what the provider said.
 */
export function completionText(output: ItemOutput | undefined): string {
  if (output !== undefined && "text" in output) {
    return output.text;
  }
  const reason = output === undefined ? "its bytes are no output" : `${output.error.message} (${output.error.code})`;
  const details = output === undefined ? {} : { error: output.error };
  throw new ContentError("RESULT_WITHOUT_TEXT", `The item has no text: ${reason}`, { details });
}

function outputOf(bytes: Uint8Array): ItemOutput | undefined {
  try {
    return decodeOutput(bytes);
  } catch (error) {
    if (error instanceof InvalidDataError) {
      return undefined;
    }
    throw error;
  }
}
