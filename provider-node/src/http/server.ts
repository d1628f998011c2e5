import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Express } from "express";
import type { Settings } from "../config.ts";

/** What listening takes of the settings. */
export type ServerSettings = Pick<
  Settings,
  "host" | "port" | "maxConnections" | "maxConnectionsPerAddress" | "headersTimeoutMs" | "bodyTimeoutMs"
>;

/** A server that listens. */
export interface HttpServer {
  /** `http://host:port`, with the port that was taken. */
  readonly url: string;
  /** Stops listening and ends connections: idle ones at once, busy ones after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const MAX_HEADER_BYTES = 24 * 1024; // A payment with a wrapped signature of a contract takes 16 KiB.
const MAX_HEADERS = 64;
const CHECK_INTERVAL_MS = 500;

/** Listens, with a bound on everything that a client can make wait, pile up or keep open. */
export async function listen(app: Express, settings: ServerSettings): Promise<HttpServer> {
  const { host, port, headersTimeoutMs, bodyTimeoutMs } = settings;
  const options = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(headersTimeoutMs, bodyTimeoutMs),
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, headersTimeoutMs),
    keepAliveTimeout: 5_000,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server = createServer(options, app);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = settings.maxConnections;
  server.setTimeout(bodyTimeoutMs); // Cuts readers that stall, too.
  limitPerAddress(server, settings.maxConnectionsPerAddress);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`,
    close: (graceMs) => close(server, graceMs),
  };
}

function limitPerAddress(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) {
        open.delete(address);
      } else {
        open.set(address, left);
      }
    });
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
