import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer of a real server, as it came. */
interface Recorded {
  readonly request: string;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A server on this machine that stands before, or in for, a real one. */
export interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

/** Passes requests on to a real server, and writes what it answered into a file once it is closed. */
export async function recordServer(target: string, file: string): Promise<StandIn> {
  const answers = new Map<string, Recorded>();
  const standIn = await serve(async (request, body) => {
    const init = { method: request.method ?? "GET", headers: { "content-type": "application/json" } };
    const response = await fetch(`${target}${request.url}`, { ...init, ...(body !== "" && { body }) });
    const type = response.headers.get("content-type") ?? "";
    const answer = { request: keyOf(request, body), status: response.status, type, body: await response.text() };
    answers.set(answer.request, answer);
    return answer;
  });
  return {
    url: standIn.url,
    close: async () => {
      await standIn.close();
      const lines = [...answers.values()].map((answer) => JSON.stringify(answer));
      await writeFile(file, `${lines.join("\n")}\n`);
    },
  };
}

/** Answers as the real server did; what it was never asked is an error. */
export async function replayServer(file: string): Promise<StandIn> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const answers = new Map(lines.map((line) => JSON.parse(line) as Recorded).map((answer) => [answer.request, answer]));
  return await serve((request, body) => {
    const unknown = { status: 500, type: "application/json", body: '{"error":{"message":"This was never recorded."}}' };
    return Promise.resolve(answers.get(keyOf(request, body)) ?? unknown);
  });
}

function keyOf({ method, url }: IncomingMessage, body: string): string {
  return `${method} ${url} ${body}`;
}

type Handler = (
  request: IncomingMessage,
  body: string,
) => Promise<{ readonly status: number; readonly type: string; readonly body: string }>;

async function serve(handle: Handler): Promise<StandIn> {
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
    }
    const { status, type, body } = await handle(request, Buffer.concat(parts).toString());
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
