import dns from "node:dns";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { NodeError } from "../errors.ts";
import type { Download } from "./context.ts";

/** What may be fetched, and how long it may take. */
export interface DownloadOptions {
  /** Whether loopback, private and link-local addresses may be reached. */
  readonly allowPrivateNetworks: boolean;
  /** For a whole download. */
  readonly timeoutMs: number;
}

/**
 * A fetch for addresses that strangers choose: http and https only, no private address (looked at after the name was
 * resolved, so that no name can point inside), no redirect, no more bytes and no longer than allowed.
 *
 * It throws NodeError `INPUT_URL_FORBIDDEN`, `INPUT_TOO_LARGE` or `INPUT_UNREACHABLE`.
 */
export function downloader({ allowPrivateNetworks, timeoutMs }: DownloadOptions): Download {
  return async (address, maxBytes, signal) => {
    const url = parse(address);
    const client = url.protocol === "https:" ? https : http;
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (!allowPrivateNetworks && isPrivate(host)) {
      throw forbidden(address);
    }
    const limits = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const lookup = allowPrivateNetworks ? dns.lookup : publicLookup;
    try {
      const request = client.get(url, { lookup, signal: limits, agent: false });
      const [response] = (await once(request, "response", { signal: limits })) as [http.IncomingMessage];
      return await read(response, address, maxBytes);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof NodeError ? error : unreachable(address, "did not answer", error);
    }
  };
}

async function read(response: http.IncomingMessage, address: string, maxBytes: number): Promise<Uint8Array> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200 || (headers["content-encoding"] ?? "identity") !== "identity") {
    response.destroy();
    throw unreachable(address, `answered ${statusCode}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) {
      response.destroy();
      const sentence = `${address} is longer than ${maxBytes} bytes. Send shorter requests.`;
      throw new NodeError("INPUT_TOO_LARGE", sentence, { details: { address, maxBytes } });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlain = url !== undefined && (url.protocol === "http:" || url.protocol === "https:") && url.username === "";
  if (!isPlain) {
    throw forbidden(address);
  }
  return url;
}

/** As `dns.lookup`, but it finds no private address. */
const publicLookup: net.LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, []);
    } else if (addresses.some(({ address }) => isPrivate(address))) {
      callback(forbidden(hostname), []);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 4);
    }
  });
};

/** Addresses that lead into this machine or its network, or nowhere (IANA special-purpose registries). */
const PRIVATE = new net.BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv4");
}

/** Of IPv6 only global unicast (2000::/3) is public, less what carries an IPv4 address or documents. */
const GLOBAL = new net.BlockList();
GLOBAL.addSubnet("2000::", 3, "ipv6");
const TUNNELS = new net.BlockList();
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
] as const) {
  TUNNELS.addSubnet(network, prefix, "ipv6");
}

/** Whether an address literal leads somewhere private; false for names. */
export function isPrivate(host: string): boolean {
  if (net.isIPv4(host)) {
    return PRIVATE.check(host, "ipv4");
  }
  return net.isIPv6(host) && (!GLOBAL.check(host, "ipv6") || TUNNELS.check(host, "ipv6"));
}

function forbidden(address: string): NodeError {
  const sentence = `${address} may not be fetched from. Use a public http or https address.`;
  return new NodeError("INPUT_URL_FORBIDDEN", sentence, { details: { address } });
}

function unreachable(address: string, what: string, cause?: unknown): NodeError {
  return new NodeError("INPUT_UNREACHABLE", `${address} ${what}.`, { cause, details: { address } });
}
