import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A JSON-RPC server in front of another, which fails where it is told to. */
export interface FlakyProxy {
  readonly rpcUrl: string;
  /** What to answer instead, by method and parameters; nothing passes it on. */
  fault: (method: string, params: readonly unknown[]) => "drop" | { readonly error: object } | undefined;
  /** What to make of an answer's result, by method. */
  alter: (method: string, result: unknown) => unknown;
  /** Methods asked for so far. */
  readonly asked: string[];
  stop(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params?: readonly unknown[];
}

export async function startFlakyProxy(target: string): Promise<FlakyProxy> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = Buffer.concat(chunks).toString();
    const { id, method, params = [] } = JSON.parse(body) as Call;
    proxy.asked.push(method);
    const fault = proxy.fault(method, params);
    if (fault === "drop") {
      request.socket.destroy();
      return;
    }
    response.setHeader("content-type", "application/json");
    if (fault !== undefined) {
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...fault }));
      return;
    }
    const headers = { "content-type": "application/json" };
    const answer = await fetch(target, { method: "POST", headers, body });
    const { result, ...rest } = (await answer.json()) as { result?: unknown };
    response.end(JSON.stringify({ ...rest, ...(result !== undefined && { result: proxy.alter(method, result) }) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FlakyProxy = {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => undefined,
    alter: (_, result) => result,
    asked: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
