import { once } from "node:events";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import express, { type Express } from "express";
import { parseUnits } from "viem";
import { ROOT } from "../lib/paths.ts";
import { marketClient } from "./clients.ts";
import { BUYER, type LocalNetwork } from "./network.ts";
import { mint } from "./providers.ts";

/** The pages, served. */
export interface LocalDapp {
  /** What to open in a browser. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DappOptions {
  /** Zero picks a free one. */
  readonly port?: number;
  /** Where history is asked for first; without it pages read the chain's logs. */
  readonly subgraphUrl?: string | undefined;
}

/** Development accounts that pages offer as wallets: who has money in the market, who has none there, who may become a provider. */
const NEWCOMER = 12;
const OWNER = 13;
const DECIMALS = 6;

const BUILT = path.join(ROOT, "dapp", "dist");

/**
 * Nothing but what was built runs, and no other site may frame the pages; they may talk to every server, for providers are
 * anywhere. Styles may stand in the page: dialogs and notices set theirs there.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "font-src 'self'",
  "connect-src 'self' data: http: https: ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves the built pages of a local network, with wallets for newcomers. */
export async function startDapp(network: LocalNetwork, options: DappOptions = {}): Promise<LocalDapp> {
  if (!existsSync(path.join(BUILT, "index.html"))) {
    throw new Error("The pages are not built: `npm run build` builds them.");
  }
  const { port = 0, subgraphUrl } = options;
  for (const index of [NEWCOMER, OWNER]) {
    const { chain, deployment } = network;
    const client = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, chain.account(index));
    await mint(client, deployment, parseUnits("1000", DECIMALS));
  }
  const server = pagesOf(configOf(network, subgraphUrl)).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What `network.json` says beside the pages: which market they show. */
export function configOf({ chain, deployment, providers }: LocalNetwork, subgraphUrl?: string) {
  return {
    name: "Local network",
    chainId: chain.chainId,
    rpcUrl: chain.rpcUrl,
    market: deployment.market,
    fromBlock: "0",
    ...(subgraphUrl !== undefined && { subgraphUrl }),
    development: {
      accounts: [
        { name: "Newcomer", address: chain.account(NEWCOMER).address },
        { name: "Buyer", address: chain.account(BUYER).address },
        { name: "Provider owner", address: chain.account(OWNER).address },
        ...providers.map(({ name, provider }) => ({ name: `Owner of ${name}`, address: provider })),
      ],
    },
  };
}

function pagesOf(config: object): Express {
  const app = express().disable("x-powered-by");
  app.use((_request, response, next) => {
    response.set({
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    next();
  });
  app.get("/network.json", (_request, response) => {
    response.set("cache-control", "no-store").json(config);
  });
  // Their names change with their content.
  app.use("/assets", express.static(path.join(BUILT, "assets"), { immutable: true, maxAge: "1y", index: false }));
  app.use(
    express.static(BUILT, { cacheControl: false, setHeaders: (response) => response.set("cache-control", "no-cache") }),
  );
  return app;
}
