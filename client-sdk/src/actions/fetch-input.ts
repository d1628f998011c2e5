import type { Hex } from "viem";
import { ContentError } from "../errors.ts";
import { inputRoot } from "../protocol/leaf.ts";
import { inputListSchema } from "../protocol/wire.ts";
import { fetchBlobs, fromAny, requireUrls } from "./internal/content.ts";
import { type HttpErrorType, type HttpOptions, httpJson, routeUrl } from "./internal/http.ts";

export interface FetchInputParameters extends HttpOptions {
  /** `JobSpec.input`. */
  readonly root: Hex;
  /** Bases of servers that may have it, tried in order. */
  readonly urls: readonly string[];
  /** Longer lists are refused. Default 100,000. */
  readonly maxItems?: number | undefined;
  /** Longer requests are refused. Default 4 MiB. */
  readonly maxItemBytes?: number | undefined;
}

/** The input, checked. */
export interface FetchInputReturnType {
  /** The exact bytes of each request, in order: see `parseRequest`. */
  readonly requests: readonly Uint8Array[];
}

export type FetchInputErrorType = HttpErrorType | ContentError;

const MAX_ITEMS = 100_000;
const HASH_BYTES = 128;

/**
 * Fetches the requests of a job; every byte is checked against the input root.
 *
 * @example
 * const { spec, uri } = await client.getJob({ job });
 * const { requests } = await fetchInput({ root: spec.input, urls: [uri] });
 */
export async function fetchInput(parameters: FetchInputParameters): Promise<FetchInputReturnType> {
  const { root, urls, maxItems = MAX_ITEMS, maxItemBytes, ...options } = parameters;
  const hashes = await fromAny(`input ${root}`, requireUrls(urls), options.signal, async (base) => {
    const url = routeUrl(base, `inputs/${root}`);
    const list = await httpJson(inputListSchema, "input list", {
      ...options,
      url,
      maxBytes: HASH_BYTES * (maxItems + 1),
    });
    if (inputRoot(list.requests) !== root.toLowerCase()) {
      const sentence = `${url} sent another list of requests than that of this root.`;
      throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { url, root } });
    }
    return list.requests;
  });
  return { requests: await fetchBlobs(hashes, urls, { ...options, maxItemBytes }) };
}
