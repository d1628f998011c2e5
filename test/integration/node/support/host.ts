import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inputRoot, requestHash } from "@touchstone/sdk/protocol";

/** A server that holds inputs as a buyer's does. */
export interface InputHost {
  readonly url: string;
  /** Offers an input. */
  offer(requests: readonly Uint8Array[]): void;
  /** Answers other bytes from now on. */
  corrupt(): void;
  close(): Promise<void>;
}

export async function startInputHost(): Promise<InputHost> {
  const files = new Map<string, Uint8Array>();
  let isCorrupt = false;
  const server = createServer((request, response) => {
    const bytes = files.get(request.url ?? "");
    if (bytes === undefined) {
      response.writeHead(404).end();
    } else {
      response.end(isCorrupt ? Buffer.concat([bytes, Buffer.from(" ")]) : bytes);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    offer: (requests) => {
      const hashes = requests.map(requestHash);
      files.set(`/inputs/${inputRoot(hashes)}`, new TextEncoder().encode(JSON.stringify({ requests: hashes })));
      for (const request of requests) {
        files.set(`/blobs/${requestHash(request)}`, request);
      }
    },
    corrupt: () => {
      isCorrupt = true;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
