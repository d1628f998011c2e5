import type { Hex } from "viem";
import { keccak256 } from "viem";
import { ContentError, HttpError, TouchstoneError } from "../../errors.ts";
import { type HttpOptions, httpBytes, routeUrl } from "./http.ts";
import { inParallel } from "./in-parallel.ts";

/** Blobs fetched at once from one job's servers. */
const PARALLEL_BLOBS = 8;

/** Default bound of one request or output. */
export const DEFAULT_MAX_ITEM_BYTES = 4 * 1024 * 1024;

/**
 * The first answer of several servers that holds what it should.
 *
 * @throws The error of the only server, or `CONTENT_UNAVAILABLE` with what each did. An aborted signal ends it at once.
 */
export async function fromAny<T>(
  what: string,
  urls: readonly string[],
  signal: AbortSignal | undefined,
  ask: (url: string) => Promise<T>,
): Promise<T> {
  const failures: { url: string; error: unknown }[] = [];
  for (const url of urls) {
    try {
      return await ask(url);
    } catch (error) {
      signal?.throwIfAborted();
      failures.push({ url, error });
    }
  }
  const [only] = failures;
  if (only !== undefined && failures.length === 1) {
    throw only.error;
  }
  const told = failures.map(({ url, error }) => ({
    url,
    code: error instanceof TouchstoneError ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
  }));
  const sentence = `No server has ${what}: ${told.map(({ message }) => message).join(" ") || "none was named."}`;
  const cause = new AggregateError(failures.map(({ error }) => error));
  throw new ContentError("CONTENT_UNAVAILABLE", sentence, { details: { failures: told }, cause });
}

/** The bytes behind hashes, in order, each checked. */
export function fetchBlobs(
  hashes: readonly Hex[],
  urls: readonly string[],
  { maxItemBytes = DEFAULT_MAX_ITEM_BYTES, ...options }: HttpOptions & { readonly maxItemBytes?: number | undefined },
): Promise<Uint8Array[]> {
  return inParallel(hashes, PARALLEL_BLOBS, (hash) =>
    fromAny(`the bytes of ${hash}`, urls, options.signal, async (base) => {
      const url = routeUrl(base, `blobs/${hash}`);
      const bytes = await httpBytes({ ...options, url, maxBytes: maxItemBytes });
      if (keccak256(bytes) !== hash) {
        const sentence = `${url} sent other bytes than those of this hash: the server is broken or lies.`;
        throw new ContentError("CONTENT_HASH_MISMATCH", sentence, { details: { url, hash, bytes: bytes.length } });
      }
      return bytes;
    }),
  );
}

/** A base URL as it is given: it must be one, so that a typing error does not look like a dead server. */
export function requireUrls(urls: readonly string[]): readonly string[] {
  for (const url of urls) {
    if (!URL.canParse(url)) {
      throw new HttpError("HTTP_BAD_URL", `"${url}" is no address of a server.`, { url });
    }
  }
  return urls;
}
