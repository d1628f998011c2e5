import { type RequestHandler, type Response, Router } from "express";
import { Refusal } from "../errors.ts";
import { type Bought, CALL_ROUTES, type CallRoute, PaidFailure, type Upstream } from "../live/upstream.ts";
import type { Logger } from "../logger.ts";
import type { Meter } from "../meter.ts";
import type { GatewayLimits } from "../options.ts";
import { type OpenPurchase, type Spending, UNSERVED } from "../store/spending.ts";
import { keyOf } from "./auth.ts";
import { type JsonBody, parseBody, rawBody } from "./body.ts";
import { pump } from "./pump.ts";
import { requestIdOf } from "./request-id.ts";

/** What the routes of calls work with. */
export interface CallsOptions {
  readonly upstream: Upstream;
  readonly spending: Spending;
  readonly meter: Meter;
  readonly limits: Pick<GatewayLimits, "maxBodyBytes" | "maxCalls" | "maxPricePerCall" | "bodyTimeoutMs">;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Of the provider's answer, what the client is told; nothing that describes the hop before this one. */
const PASSED_HEADERS = ["content-type", "retry-after", "x-should-retry", "payment-response", "touchstone-receipt"];
const CLIENT_LEFT = 499;

/** `/v1/chat/completions`, `/v1/responses` and `/v1/embeddings`: bought call by call. */
export function callRoutes(options: CallsOptions): Router {
  const router = Router();
  for (const route of CALL_ROUTES) {
    router.post(`/v1/${route}`, ...rawBody(options.limits), serve(route, options));
  }
  return router;
}

function serve(route: CallRoute, options: CallsOptions): RequestHandler {
  const { meter, limits } = options;
  return async (request, response) => {
    const body = parseBody(request.body);
    const model = modelOf(body);
    if (meter.calls >= limits.maxCalls) {
      throw new Refusal("overloaded", `${limits.maxCalls} calls are under way here. Try again.`, { retryAfter: 1 });
    }
    const end = meter.beginCall();
    try {
      await buy(response, { route, model, body }, options);
    } finally {
      end();
    }
  };
}

interface Asked {
  readonly route: CallRoute;
  readonly model: string;
  readonly body: JsonBody;
}

async function buy(response: Response, { route, model, body }: Asked, options: CallsOptions) {
  const { upstream, limits } = options;
  const leaving = new AbortController();
  response.once("close", () => leaving.abort(new Error("The client left.")));
  const started = performance.now();
  const estimate = await upstream.estimate({ route, model, ...body });
  const purchase = hold(response, { route, model, estimate }, options);
  let bought: Bought;
  try {
    bought = await upstream.buy({ route, model, ...body, most: purchase.hold, signal: leaving.signal });
  } catch (thrown) {
    const { booking, cause: error } = thrown instanceof PaidFailure ? thrown : { booking: UNSERVED, cause: thrown };
    const status = leaving.signal.aborted ? CLIENT_LEFT : error instanceof Refusal ? error.status : 500;
    options.spending.close(purchase.id, { ...booking, status, durationMs: performance.now() - started });
    if (leaving.signal.aborted) {
      return;
    }
    throw error;
  }
  // What it cost is known when the stream is over, or soon after it was cut: nobody waits for that.
  bought.booking
    .then((booking) => {
      const durationMs = performance.now() - started;
      const status = response.writableFinished ? response.statusCode : CLIENT_LEFT;
      options.spending.close(purchase.id, { ...booking, status, durationMs });
    })
    .catch((error: unknown) => options.logger.error("call not booked", { purchase: purchase.id, error }));
  tellWho(response, bought);
  await pump(bought.response.body, response, { stallMs: limits.bodyTimeoutMs }).catch((error: unknown) => {
    options.logger.debug("answer broke off", { requestId: requestIdOf(response), route, error });
    leaving.abort(error);
    response.destroy();
  });
}

function hold(
  response: Response,
  { route, model, estimate }: { route: CallRoute; model: string; estimate: bigint | undefined },
  { spending, limits, now }: CallsOptions,
): OpenPurchase {
  const most = limits.maxPricePerCall;
  const wanted = estimate === undefined || estimate > most ? most : estimate;
  const purchase = spending.open(keyOf(response), { route, model, hold: wanted }, now());
  if (purchase === undefined) {
    throw new Refusal(
      "insufficient_quota",
      "The budget of this API key is spent. Its owner can see it on the usage page.",
    );
  }
  return purchase;
}

function tellWho(response: Response, { response: answer, servedBy, provider }: Bought): void {
  response.status(answer.status);
  for (const name of PASSED_HEADERS) {
    const value = answer.headers.get(name);
    if (value !== null) {
      response.set(name, value);
    }
  }
  response.set({ "cache-control": "no-store", "touchstone-served-by": servedBy });
  if (provider !== undefined) {
    response.set("touchstone-provider", provider);
  }
}

function modelOf({ value: { model } }: JsonBody): string {
  if (typeof model !== "string" || model === "" || model.length > 256) {
    throw new Refusal("missing_required_parameter", "You must provide a model parameter.", { param: "model" });
  }
  return model;
}
