import express, { type Express, type RequestHandler } from "express";
import type { Settings } from "../config.ts";
import type { JobDesk } from "../jobs/desk.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { OwnerDesk } from "../owner/owner-desk.ts";
import { type ContentOptions, contentRoutes } from "./content.ts";
import { cors } from "./cors.ts";
import { errorHandler, notFound } from "./errors.ts";
import { jobRoutes } from "./jobs.ts";
import { limitPosts } from "./limit-posts.ts";
import { recheckRoutes } from "./openai/recheck.ts";
import { type LiveRoutesOptions, liveRoutes } from "./openai/router.ts";
import { type OperationsOptions, operationsRoutes } from "./operations.ts";
import { ownerRoutes } from "./owner.ts";
import { requestId, requestIdOf } from "./request-id.ts";

/** What the HTTP server shows to the world. */
export interface AppOptions
  extends Pick<ContentOptions, "blobs" | "inputs" | "now">,
    Pick<OperationsOptions, "card" | "readiness"> {
  readonly settings: Pick<Settings, "maxBodyBytes" | "maxItems" | "postsPerMinute" | "trustedProxies">;
  readonly desk: JobDesk;
  /** Left out where the node takes no instructions. */
  readonly owner?: Pick<OwnerDesk, "show" | "instruct"> | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Left out where no calls are sold. */
  readonly live?: LiveRoutesOptions | undefined;
}

/** The routes of docs/protocol.md, and under `/v1` those of docs/live.md. */
export function createApp(options: AppOptions): Express {
  const { settings, desk, owner, metrics, logger, live } = options;
  const { maxBodyBytes } = settings;
  const app = express();
  app.disable("x-powered-by").disable("etag").enable("case sensitive routing");
  app.set("query parser", false).set("trust proxy", settings.trustedProxies);
  app.use(requestId, observe(metrics, logger), cors);
  if (live !== undefined) {
    // Before the limit of posts: who pays for each is not held to it.
    app.use("/v1", liveRoutes(live));
    app.use("/touchstone", recheckRoutes(live));
  }
  app.use(limitPosts(settings.postsPerMinute));
  app.use(operationsRoutes({ ...options, registry: metrics.registry }));
  app.use(contentRoutes({ ...options, ...settings, open: live?.open }));
  app.use(jobRoutes({ desk, maxBodyBytes }));
  if (owner !== undefined) {
    app.use(ownerRoutes(owner));
  }
  app.use(notFound, errorHandler(logger));
  return app;
}

/** Counts and times every answer, and logs it: ids, sizes and times, never what was sent. */
function observe(metrics: Metrics, logger: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once("close", () => {
      const seconds = (performance.now() - start) / 1000;
      const route = String(request.route?.path ?? "none");
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.observeRequest({ method: request.method, route, status, seconds });
      logger.debug("request", { requestId: requestIdOf(response), method: request.method, route, status, seconds });
    });
    next();
  };
}
