import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GatewayError } from "../errors.ts";
import type { GatewayLimits } from "../options.ts";

/** A server that listens. */
export interface HttpServer {
  /** `http://host:port`, with the port that was taken. */
  readonly url: string;
  /** Stops listening and ends connections: idle ones at once, busy ones after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 96;
const MAX_CONNECTIONS = 1_024;
const CHECK_INTERVAL_MS = 500;
/** Files may take their time; what bounds them is that they must not stand still. */
const WHOLE_REQUEST_MS = 60 * 60_000;

/**
 * Listens, with a bound on everything that a client can make wait.
 *
 * @throws GatewayError `CONFIG_INVALID` where host and port cannot be had
 */
export async function listen(
  app: RequestListener,
  { host, port, headersTimeoutMs, bodyTimeoutMs }: GatewayLimits,
): Promise<HttpServer> {
  const options = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: Math.max(headersTimeoutMs, WHOLE_REQUEST_MS),
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, headersTimeoutMs),
    keepAliveTimeout: 5_000,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server = createServer(options, app);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  }).catch((cause: unknown) => {
    const sentence = `The gateway cannot listen on ${host}, port ${port}: set another host or port.`;
    throw new GatewayError("CONFIG_INVALID", sentence, { cause, details: { host, port } });
  });
  server.on("request", (request) => {
    // While a body comes in it must not stand still; an answer may take as long as the model does.
    request.socket.setTimeout(bodyTimeoutMs);
    request.once("end", () => request.socket.setTimeout(0));
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`,
    close: (graceMs) => close(server, graceMs),
  };
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
