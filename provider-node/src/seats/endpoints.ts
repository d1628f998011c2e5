import { getProviderCard } from "@touchstone/sdk";
import type { Address, PublicClient } from "viem";
import type { Clock } from "../clock.ts";
import type { Download } from "../stages/context.ts";
import type { SeatContext } from "./context.ts";

/** What finding providers' servers needs. */
export interface EndpointOptions {
  readonly client: PublicClient;
  readonly market: Address;
  readonly download: Download;
  readonly clock: Clock;
}

/** How long an address is believed. */
const FRESH_MS = 60_000;
const MAX_CARD_BYTES = 262_144;

/** Finds providers' servers by the cards that they published, with the care that a stranger's address needs. */
export function endpointFinder({ client, market, download, clock }: EndpointOptions): SeatContext["endpointOf"] {
  const known = new Map<Address, { readonly endpoint: string; readonly at: number }>();
  return async (provider, signal) => {
    const before = known.get(provider);
    if (before !== undefined && clock.now() - before.at < FRESH_MS) {
      return before.endpoint;
    }
    const fetch = carefulFetch(download, signal);
    const { endpoint } = await getProviderCard(client, { market, provider, fetch, signal, retries: 0 });
    const base = endpoint.replace(/\/+$/, "");
    known.set(provider, { endpoint: base, at: clock.now() });
    return base;
  };
}

/** A card may stand in its own address; all others go through the download that keeps off private networks. */
function carefulFetch(download: Download, signal: AbortSignal): typeof globalThis.fetch {
  return async (input) => {
    const address = String(input);
    if (address.startsWith("data:")) {
      return globalThis.fetch(address);
    }
    return new Response(Buffer.from(await download(address, MAX_CARD_BYTES, signal)));
  };
}
