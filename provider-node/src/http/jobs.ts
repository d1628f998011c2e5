import {
  type JobProgress,
  parseAs,
  quoteRequestSchema,
  RESULT_PENDING,
  signedOrderSchema,
} from "@touchstone/sdk/protocol";
import { Router } from "express";
import type { JobDesk } from "../jobs/desk.ts";
import { bearerOf } from "./bearer.ts";
import { jsonBody } from "./body.ts";
import { HttpError } from "./errors.ts";
import { hashParameter } from "./hash-parameter.ts";

/** All outputs are there, and their root is not confirmed on chain yet. */
function isPending(progress: JobProgress | undefined): boolean {
  return progress !== undefined && progress.error === undefined && progress.done === progress.items;
}

/** `/quotes`, `/orders`, `/jobs` and `/results`: what buyers ask of the node's jobs. */
export function jobRoutes({ desk, maxBodyBytes }: { readonly desk: JobDesk; readonly maxBodyBytes: number }): Router {
  const router = Router();
  const pending = () =>
    new HttpError(RESULT_PENDING, "The result is not confirmed on chain yet. Ask again in a moment.");
  const unknown = () =>
    new HttpError(
      "NOT_FOUND",
      "This node knows no such job, has no result of it yet, or shows it only to who has its read token.",
    );

  router.post("/quotes", ...jsonBody(maxBodyBytes), async (request, response) => {
    const { spec } = parseAs(quoteRequestSchema, request.body, "quote request");
    response.set("cache-control", "no-store").json(await desk.quote(spec));
  });

  router.post("/orders", ...jsonBody(maxBodyBytes), async (request, response) => {
    const order = parseAs(signedOrderSchema, request.body, "signed order");
    response.status(202).json(await desk.order(order));
  });

  router.get("/jobs/:id", (request, response) => {
    const progress = desk.progress(hashParameter(request.params.id));
    if (progress === undefined) {
      throw unknown();
    }
    response.set("cache-control", "no-store").json(progress);
  });

  router.get("/results/:id", (request, response) => {
    const job = hashParameter(request.params.id);
    if (!desk.mayReadResults(job, bearerOf(request))) {
      throw unknown();
    }
    const results = desk.results(job);
    if (results === undefined) {
      throw isPending(desk.progress(job)) ? pending() : unknown();
    }
    response.json(results);
  });

  return router;
}
