import { BlockList, isIPv4 } from "node:net";
import { type Request, type RequestHandler, Router } from "express";
import { Refusal } from "../errors.ts";
import type { Meter } from "../meter.ts";
import { VERSION } from "../version.ts";

/** `/healthz`, `/version` and `/metrics`. */
export function operationsRoutes(meter: Meter): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/version", (_request, response) => {
    response.json({ name: "@touchstone/gateway", version: VERSION });
  });
  router.get("/metrics", fromHere, (_request, response) => {
    response.set("content-type", "text/plain; version=0.0.4; charset=utf-8").send(meter.render());
  });
  return router;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Whether whoever asks sits at this machine: by the address of the connection, by the host that was named (a page elsewhere
 * that had its name point here names its own), and not through a proxy.
 */
export function isFromHere(request: Request): boolean {
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const isProxied = ["forwarded", "x-forwarded-for", "x-real-ip"].some((name) => request.get(name) !== undefined);
  const isLocal = LOOPBACK.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  return isLocal && !isProxied && LOCAL_HOST.test(request.get("host") ?? "");
}

const fromHere: RequestHandler = (request, _response, next) => {
  if (!isFromHere(request)) {
    throw new Refusal("forbidden", "This is shown on the gateway's own machine only.");
  }
  next();
};
