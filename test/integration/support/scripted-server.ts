import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a path of a scripted server does; the body is parsed JSON. */
export type Route = (response: ServerResponse, body: Record<string, unknown>, request: IncomingMessage) => void;

export interface ScriptedServer {
  /** Base URL, with `/v1`. */
  readonly url: string;
  /** By method and path, such as `POST /v1/chat/completions`; what is not named is 404. May be changed. */
  readonly routes: Record<string, Route>;
  close(): Promise<void>;
}

/** A server that does what servers do on bad days, or what those do that do not run here. */
export async function scriptServer(routes: Record<string, Route>): Promise<ScriptedServer> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) {
      body += String(part);
    }
    const route = routes[`${request.method} ${request.url}`];
    if (route === undefined) {
      sendJson(response, { error: { message: "no such route" } }, 404);
    } else {
      route(response, body === "" ? {} : (JSON.parse(body) as Record<string, unknown>), request);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, routes, close };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Starts a stream of events; ends it where told to. */
export function sendEvents(response: ServerResponse, events: readonly unknown[], end?: "[DONE]" | "broken"): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  }
  if (end === "[DONE]") {
    response.end("data: [DONE]\n\n");
  } else if (end === "broken") {
    response.destroy();
  }
}
