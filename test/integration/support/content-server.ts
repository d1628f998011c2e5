import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inputRoot, outputHash, requestHash } from "@touchstone/sdk";
import type { Hex } from "viem";

/** What a server sends instead of its own answer; a path that starts with the key is meant. */
export type Fault = (response: ServerResponse, request: IncomingMessage) => void;

/** A server of inputs and results as docs/protocol.md has it, which lies where it is told to. */
export interface ContentServer {
  readonly url: string;
  /** Answers by path, beside inputs. */
  readonly answers: Map<string, unknown>;
  readonly blobs: Map<Hex, Uint8Array>;
  readonly faults: Map<string, Fault>;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Keeps an output and tells its hash. */
  keep(bytes: Uint8Array): Hex;
  stop(): Promise<void>;
}

export async function startContentServer(): Promise<ContentServer> {
  const answers = new Map<string, unknown>();
  const blobs = new Map<Hex, Uint8Array>();
  const faults = new Map<string, Fault>();
  const asked: string[] = [];

  const take = async (request: IncomingMessage): Promise<unknown> => {
    const { requests } = (await bodyOf(request)) as { requests: string[] };
    const hashes = requests.map((text) => {
      const bytes = new TextEncoder().encode(text);
      blobs.set(requestHash(bytes), bytes);
      return requestHash(bytes);
    });
    const root = inputRoot(hashes);
    answers.set(`/inputs/${root}`, { requests: hashes });
    return { root, requests: hashes };
  };

  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    const fault = [...faults].find(([prefix]) => path.startsWith(prefix))?.[1];
    const blob = blobs.get(path.replace("/blobs/", "") as Hex);
    if (fault !== undefined) {
      fault(response, request);
    } else if (request.method === "POST" && path === "/inputs") {
      sendJson(response, 200, await take(request));
    } else if (blob !== undefined) {
      response.end(blob);
    } else if (answers.has(path)) {
      const answer = answers.get(path);
      sendJson(response, 200, typeof answer === "function" ? await answer(await bodyOf(request)) : answer);
    } else {
      sendJson(response, 404, { error: { code: "NOT_FOUND", message: "There is no such thing here." } });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    blobs,
    faults,
    asked,
    keep(bytes) {
      blobs.set(outputHash(bytes), bytes);
      return outputHash(bytes);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A refusal in the shape that every node uses. */
export function refusal(status: number, code: string): Fault {
  return (response) => sendJson(response, status, { error: { code, message: "It is told to refuse." } });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  return text === "" ? undefined : JSON.parse(text);
}
