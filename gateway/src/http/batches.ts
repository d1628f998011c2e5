import { randomBytes } from "node:crypto";
import { type Request, type Response, Router } from "express";
import { z } from "zod";
import { BATCH_ENDPOINT } from "../batches/lines.ts";
import { batchObject } from "../batches/object.ts";
import { ENDED, type StoredBatch } from "../batches/state.ts";
import type { BatchWorker } from "../batches/worker.ts";
import { Refusal } from "../errors.ts";
import type { Batches } from "../store/batches.ts";
import type { Files } from "../store/files.ts";
import { keyOf } from "./auth.ts";
import { parseBody, rawBody } from "./body.ts";
import { listObject, pageOf } from "./paging.ts";

/** What the routes of batches work with. */
export interface BatchesOptions {
  readonly batches: Batches;
  readonly files: Files;
  readonly worker: BatchWorker;
  /** Unix seconds. */
  readonly now: () => number;
}

const BODY = { maxBodyBytes: 64 * 1024, bodyTimeoutMs: 30_000 };
const WINDOW = "24h";
const WINDOW_SECONDS = 24 * 3_600;
const PAGE = { most: 100, usual: 20 };

const createSchema = z.object({
  input_file_id: z.string(),
  endpoint: z.literal(BATCH_ENDPOINT, { error: `must be ${BATCH_ENDPOINT}, the one route that batches have here` }),
  completion_window: z.literal(WINDOW, { error: `must be ${WINDOW}` }),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((metadata) => Object.keys(metadata).length <= 16, "must have at most 16 entries")
    .nullish(),
});

/** `/v1/batches`: files of requests that become jobs of the market. Each key sees its own. */
export function batchRoutes({ batches, files, worker, now }: BatchesOptions): Router {
  const router = Router();
  const show = (response: Response, batch: StoredBatch) => response.json(batchObject(batch, batches.jobs(batch.id)));
  const find = (request: Request, response: Response): StoredBatch => {
    const batch = batches.get(keyOf(response).id, String(request.params.id));
    if (batch === undefined) {
      throw new Refusal("not_found", "No such Batch object.", { param: "id" });
    }
    return batch;
  };

  router.post("/v1/batches", ...rawBody(BODY), (request, response) => {
    const batch = newBatch(readCreate(request.body), keyOf(response).id, now());
    if (files.get(batch.keyId, batch.inputFileId)?.purpose !== "batch") {
      const sentence = "There is no file of this id with the purpose `batch`. Upload it by POST /v1/files.";
      throw new Refusal("invalid_value", sentence, { param: "input_file_id" });
    }
    batches.add(batch);
    worker.begin(batch.id);
    show(response, batch);
  });

  router.get("/v1/batches", (request, response) => {
    const page = pageOf(request, PAGE);
    const found = batches.list(keyOf(response).id, { ...page, limit: page.limit + 1 });
    response.json(
      listObject(
        found.map((batch) => batchObject(batch, batches.jobs(batch.id))),
        page,
      ),
    );
  });

  router.get("/v1/batches/:id", (request, response) => {
    show(response, find(request, response));
  });

  router.post("/v1/batches/:id/cancel", (request, response) => {
    const batch = find(request, response);
    if (ENDED.includes(batch.status) || batch.status === "finalizing") {
      const sentence = `The batch is ${batch.status}: there is nothing to cancel.`;
      throw new Refusal("batch_not_cancellable", sentence);
    }
    show(response, batches.update(batch.id, { status: "cancelling", cancellingAt: batch.cancellingAt ?? now() }));
  });

  return router;
}

function newBatch(asked: z.infer<typeof createSchema>, keyId: string, now: number): StoredBatch {
  return {
    id: `batch_${randomBytes(12).toString("hex")}`,
    keyId,
    status: "validating",
    createdAt: now,
    expiresAt: now + WINDOW_SECONDS,
    inputFileId: asked.input_file_id,
    endpoint: asked.endpoint,
    completionWindow: asked.completion_window,
    metadata: asked.metadata ?? null,
    counts: { total: 0, completed: 0, failed: 0 },
    usage: { input: 0, output: 0 },
  };
}

function readCreate(body: unknown): z.infer<typeof createSchema> {
  const parsed = createSchema.safeParse(parseBody(body).value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.map(String).join(".") ?? "";
    throw new Refusal("invalid_value", `${param || "The body"}: ${issue?.message ?? "not valid"}.`, { param });
  }
  return parsed.data;
}
