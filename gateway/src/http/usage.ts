import { createHash } from "node:crypto";
import { type Request, Router } from "express";
import { Refusal } from "../errors.ts";
import type { ApiKey, Keys } from "../store/keys.ts";
import type { Spending } from "../store/spending.ts";
import type { Usage } from "../store/usage.ts";
import { PAGE, SCRIPT, STYLE } from "../usage/page.ts";
import { bearerOf } from "./auth.ts";
import { isFromHere } from "./operations.ts";

/** What the usage page and its data work with. */
export interface UsageOptions {
  readonly keys: Keys;
  readonly spending: Spending;
  readonly usage: Usage;
  /** The token that amounts are in. */
  readonly token: { readonly symbol: string; readonly decimals: number };
  /** Unix seconds. */
  readonly now: () => number;
}

const DAYS = 30;
const DAY = 86_400;
const LAST = 50;

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing but the page's own style and script, and its own data. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * `/`, a page without data, and `/usage`, its data: of all keys for whoever sits at this machine, else of the key that the request
 * has.
 */
export function usageRoutes(options: UsageOptions): Router {
  const router = Router();

  router.get("/", (_request, response) => {
    response.set({ "content-security-policy": POLICY, "referrer-policy": "no-referrer", "cache-control": "no-store" });
    response.type("html").send(PAGE);
  });

  router.get("/usage", (request, response) => {
    const key = requireKey(request, options.keys);
    response.set("cache-control", "no-store").json(report(options, key));
  });

  return router;
}

/** The key whose usage is shown; nothing: that of all. */
function requireKey(request: Request, keys: Keys): ApiKey | undefined {
  const given = bearerOf(request);
  const key = given === undefined ? undefined : keys.find(given);
  if (key === undefined && (given !== undefined || !isFromHere(request))) {
    throw new Refusal("invalid_api_key", "Usage is shown for an API key, or on the gateway's own machine.");
  }
  return key;
}

function report({ keys, spending, usage, token, now }: UsageOptions, key: ApiKey | undefined) {
  const shown = key === undefined ? keys.list() : [key];
  const query = { keyId: key?.id, since: now() - DAYS * DAY };
  return {
    token,
    days: DAYS,
    keys: shown.map((one) => keyReport(one, spending, now())),
    by_key: usage.by("key_id", query),
    by_provider: usage.by("provider", query),
    by_model: usage.by("model", query),
    last: usage.last(query, LAST),
  };
}

function keyReport(key: ApiKey, spending: Spending, now: number) {
  const { id, name, revokedAt, budgetPerDay, budgetTotal } = key;
  const { day, total } = spending.spent(id, now);
  return {
    id,
    name,
    is_revoked: revokedAt !== undefined,
    spent_today: day.toString(),
    spent_total: total.toString(),
    budget_per_day: budgetPerDay?.toString() ?? null,
    budget_total: budgetTotal?.toString() ?? null,
  };
}
