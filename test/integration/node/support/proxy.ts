import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One JSON-RPC call on its way. */
export interface RpcCall {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** What befalls a call: nothing, an error instead of it, silence, or a reply that is lost after the call was done. */
export type Fate = "pass" | "fail" | "hang" | "loseReply" | "refuse";

/** An endpoint before an endpoint, which fails as endpoints do. */
export interface FaultyRpc {
  readonly url: string;
  /** Decides on each call from now on. */
  setFate(fate: (call: RpcCall) => Fate): void;
  /** Calls that came through, by method. */
  readonly calls: Map<string, number>;
  close(): Promise<void>;
}

export async function startFaultyRpc(target: string): Promise<FaultyRpc> {
  let fateOf: (call: RpcCall) => Fate = () => "pass";
  const calls = new Map<string, number>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const call = JSON.parse(body) as RpcCall & { readonly id: number };
    calls.set(call.method, (calls.get(call.method) ?? 0) + 1);
    const fate = fateOf(call);
    if (fate === "hang") {
      return;
    }
    if (fate === "refuse") {
      request.socket.destroy();
      return;
    }
    if (fate === "fail") {
      response.writeHead(500).end();
      return;
    }
    const answer = await fetch(target, { method: "POST", body, headers: { "content-type": "application/json" } });
    const reply = await answer.text();
    if (fate === "loseReply") {
      request.socket.destroy();
    } else {
      response.writeHead(200, { "content-type": "application/json" }).end(reply);
    }
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setFate: (fate) => {
      fateOf = fate;
    },
    calls,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
