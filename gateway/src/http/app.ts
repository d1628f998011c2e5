import express, { type Express, type RequestHandler } from "express";
import { authenticate } from "./auth.ts";
import { type BatchesOptions, batchRoutes } from "./batches.ts";
import { type CallsOptions, callRoutes } from "./calls.ts";
import { errorHandler, notFound } from "./errors.ts";
import { type FilesOptions, fileRoutes } from "./files.ts";
import { type ModelsOptions, modelRoutes } from "./models.ts";
import { operationsRoutes } from "./operations.ts";
import { requestId, requestIdOf } from "./request-id.ts";
import { type UsageOptions, usageRoutes } from "./usage.ts";

/** What the HTTP server shows. */
export interface AppOptions extends CallsOptions, FilesOptions, BatchesOptions, ModelsOptions, UsageOptions {
  readonly limits: CallsOptions["limits"] & FilesOptions["limits"];
}

/** The routes of docs/gateway.md. All of `/v1` needs a key. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").enable("case sensitive routing");
  app.set("query parser", false);
  app.use(requestId, observe(options));
  app.use(operationsRoutes(options.meter), usageRoutes(options));
  app.use("/v1", authenticate(options.keys, options.now));
  app.use(callRoutes(options), modelRoutes(options), fileRoutes(options), batchRoutes(options));
  app.use(notFound, errorHandler(options.logger));
  return app;
}

const CLIENT_LEFT = 499;

/** Counts every answer, and logs it: ids, status and times, never what was sent. */
function observe({ meter, logger }: AppOptions): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once("close", () => {
      const route = String(request.route?.path ?? "none");
      const status = response.writableFinished ? response.statusCode : CLIENT_LEFT;
      meter.countRequest(route, status);
      const ms = Math.round(performance.now() - start);
      logger.debug("request", { requestId: requestIdOf(response), method: request.method, route, status, ms });
    });
    next();
  };
}
