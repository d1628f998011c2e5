import { BlockList, isIPv4 } from "node:net";
import type { ProviderCard } from "@touchstone/sdk/protocol";
import { type RequestHandler, Router } from "express";
import type { Registry } from "prom-client";
import { VERSION } from "../version.ts";
import { HttpError } from "./errors.ts";

/** Whether the node can do its work, and what is in the way. */
export interface Readiness {
  readonly isReady: boolean;
  /** By name: `ok`, or a sentence. */
  readonly checks: Readonly<Record<string, string>>;
}

/** What the routes of operation work with. */
export interface OperationsOptions {
  readonly card: () => ProviderCard;
  readonly readiness: () => Readiness | Promise<Readiness>;
  readonly registry: Registry;
}

/** `/healthz`, `/readyz`, `/version`, `/metrics` and `/card`. */
export function operationsRoutes({ card, readiness, registry }: OperationsOptions): Router {
  const router = Router();

  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });

  router.get("/readyz", async (_request, response) => {
    const { isReady, checks } = await readiness();
    response
      .status(isReady ? 200 : 503)
      .set("cache-control", "no-store")
      .json({ ready: isReady, checks });
  });

  router.get("/version", (_request, response) => {
    response.json({ name: "@touchstone/node", version: VERSION });
  });

  router.get("/card", (_request, response) => {
    response.set("cache-control", "no-cache").json(card());
  });

  router.get("/metrics", fromNearby, async (_request, response) => {
    response.set("content-type", registry.contentType).send(await registry.metrics());
  });

  return router;
}

const NEARBY = new BlockList();
for (const [network, prefix] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  NEARBY.addSubnet(network, prefix, "ipv4");
}
NEARBY.addAddress("::1", "ipv6");
NEARBY.addSubnet("fc00::", 7, "ipv6");

/** Metrics tell how the business goes: they are for this machine and its private network. */
const fromNearby: RequestHandler = (request, _response, next) => {
  const address = (request.ip ?? "").replace(/^::ffff:/, "");
  if (!NEARBY.check(address, isIPv4(address) ? "ipv4" : "ipv6")) {
    throw new HttpError("FORBIDDEN", "Metrics are served to this machine and its private network.");
  }
  next();
};
