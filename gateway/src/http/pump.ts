import { once } from "node:events";
import type { ServerResponse } from "node:http";

/**
 * Sends a body on as it comes, no faster than the client reads, and ends the answer. A client that leaves or stands still
 * for `stallMs` ends it with an error; the body is cancelled then.
 */
export async function pump(
  body: ReadableStream<Uint8Array> | null,
  response: ServerResponse,
  { stallMs }: { readonly stallMs: number },
): Promise<void> {
  response.flushHeaders();
  for await (const chunk of body ?? []) {
    if (response.destroyed) {
      throw new Error("The client left.");
    }
    if (!response.write(chunk)) {
      await drained(response, stallMs);
    }
  }
  response.end();
}

async function drained(response: ServerResponse, stallMs: number): Promise<void> {
  const over = new AbortController();
  const close = () => over.abort(new Error("The client left."));
  const timer = setTimeout(() => over.abort(new Error("The client stopped reading.")), stallMs);
  response.once("close", close);
  try {
    await once(response, "drain", { signal: over.signal });
  } catch {
    throw over.signal.reason;
  } finally {
    clearTimeout(timer);
    response.off("close", close);
  }
}
