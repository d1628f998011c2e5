import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Ground } from "../../support/random-market/ground.ts";

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** A chain of this process, for others over HTTP (JSON-RPC 2.0, batches too). */
export async function serveChain({ chain }: Ground): Promise<{ readonly url: string; close(): Promise<void> }> {
  const answer = async ({ id, method, params = [] }: Call) => {
    try {
      return { jsonrpc: "2.0", id, result: await chain.provider.request({ method, params: [...params] }) };
    } catch (error) {
      const { code = -32_000, message } = error as Error & { readonly code?: number };
      return { jsonrpc: "2.0", id, error: { code, message } };
    }
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = JSON.parse(await text(request)) as Call | readonly Call[];
    const said = Array.isArray(asked) ? await Promise.all(asked.map(answer)) : await answer(asked as Call);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
