import { decodeUtf8, parseJson } from "@touchstone/sdk/protocol";
import { type Request, type Response, Router } from "express";
import { keccak256, stringToBytes } from "viem";
import * as z from "zod";
import { type BatchBook, secretId } from "../../live/batch-book.ts";
import type { Admission, LiveCall } from "../../live/desk.ts";
import { isOver, type StoredBatch } from "../../store/batches.ts";
import type { FileMeasure, StoredFile } from "../../store/files.ts";
import { BATCH_ENDPOINT, planBatch } from "./batches/lines.ts";
import { BATCH_WINDOW, batchObject } from "./batches/object.ts";
import { BatchWorker } from "./batches/worker.ts";
import { bodyOf, exactBody } from "./body.ts";
import { ApiError, badRequest, deskError } from "./errors.ts";
import { fileRoutes, notListed } from "./files.ts";
import { requireOpen } from "./limits.ts";
import type { Offers } from "./offers.ts";
import { paymentOf, type Shop } from "./sale.ts";
import { offered } from "./wishes.ts";

/** How batches are sold. */
export interface BatchTerms {
  readonly book: BatchBook;
  readonly maxItems: number;
  readonly maxBatches: number;
  /** Longest that one may run. */
  readonly batchSeconds: number;
  readonly postsPerMinute: number;
}

/** What the routes of batches work with. */
export interface BatchRoutesOptions extends Shop, BatchTerms {
  readonly maxBodyBytes: number;
  readonly isDraining: () => boolean;
}

const MAX_ASK_BYTES = 64 * 1024;
const RETRY_AFTER_SECONDS = 30;

const askSchema = z.strictObject({
  input_file_id: z.string("must be the id of a file"),
  endpoint: z.literal(BATCH_ENDPOINT, `must be ${BATCH_ENDPOINT}, the one route that batches have`),
  completion_window: z.literal(BATCH_WINDOW, `must be ${BATCH_WINDOW}`),
  metadata: z
    .record(z.string().max(64), z.string().max(512), "must be an object of short texts")
    .refine((metadata) => Object.keys(metadata).length <= 16, "must have at most 16 entries")
    .nullish(),
});

type BatchAsk = z.infer<typeof askSchema>;

/** `/v1/files` and `/v1/batches`: a file of chats, paid at once, answered when no call wants the model. */
export function batchRoutes(options: BatchRoutesOptions): Router {
  const { book, isDraining } = options;
  const router = Router();
  const worker = new BatchWorker(options);
  const input = createReader(options);
  const show = async (response: Response, batch: StoredBatch) => {
    const envelope = isOver(batch) ? await book.receiptOf(batch) : undefined;
    response.set("cache-control", "no-store").json(batchObject(batch, envelope));
  };
  const start = (batch: NewBatch, request: Request) => begin({ ...options, worker }, batch, request);
  const find = (request: Request): StoredBatch => {
    const batch = worker.batch(String(request.params.id));
    if (batch === undefined) {
      const sentence = "There is no such batch; it may be forgotten. Check its id.";
      throw new ApiError(sentence, { status: 404, code: "BATCH_NOT_FOUND", param: "id" });
    }
    return batch;
  };
  router.post("/files", requireOpen(isDraining));
  router.use(fileRoutes(options));

  const body = exactBody(MAX_ASK_BYTES, undefined);
  router.post("/batches", requireOpen(isDraining), ...body, async (request, response) => {
    const ask = parseAsk(bodyOf(request).bytes);
    const name = keccak256(stringToBytes(`${paymentOf(request).payment} ${ask.input_file_id}`));
    const known = book.ofPayment(name);
    response.setTimeout(0); // A deposit takes as long as the chain does.
    const { id } = known ?? (await start({ ask, name, ...(await input(ask)) }, request));
    response.setTimeout(options.stalledReaderMs);
    await show(response, worker.batch(id) as StoredBatch);
  });

  router.get("/batches", () => {
    throw notListed("batches");
  });

  router.get("/batches/:id", (request, response) => show(response, find(request)));

  router.post("/batches/:id/cancel", async (request, response) => {
    const { id, status } = find(request);
    if (status !== "in_progress" && status !== "cancelling") {
      const sentence = `The batch is ${status}: there is nothing to cancel.`;
      throw new ApiError(sentence, { status: 409, code: "BATCH_OVER" });
    }
    await worker.cancel(id);
    await show(response, find(request));
  });

  return router;
}

function parseAsk(bytes: Uint8Array): BatchAsk {
  const parsed = askSchema.safeParse(parseJson(decodeUtf8(bytes) ?? ""));
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path.join(".");
  const sentence = issue?.code === "unrecognized_keys" ? "is not served here: leave it out" : issue?.message;
  throw badRequest("REQUEST_INVALID_FIELD", `${field || "The body"} ${sentence}.`, field);
}

function inputOf({ input_file_id: id }: BatchAsk, book: BatchBook): StoredFile {
  const file = book.file(id);
  if (file === undefined || file.purpose !== "batch") {
    const sentence = "There is no file of this id with the purpose `batch`; it may have expired. Upload it again.";
    throw new ApiError(sentence, { status: 404, code: "FILE_NOT_FOUND", param: "input_file_id" });
  }
  return file;
}

/** Reads inputs, and each file's prompts once, however often its price is asked: that is free for who asks. */
function createReader({ book, offers }: Pick<BatchRoutesOptions, "book" | "offers">) {
  const underWay = new Map<string, Promise<FileMeasure>>();
  return async (ask: BatchAsk): Promise<Pick<NewBatch, "bytes" | "measure">> => {
    const { id, measure: known } = inputOf(ask, book);
    const bytes = book.content(id); // Now, since it may be deleted while it is measured.
    if (known !== undefined && (known.items === 0 || offers.has(known.model))) {
      return { bytes, measure: known };
    }
    const measuring = underWay.get(id) ?? measureFile(bytes, offers).finally(() => underWay.delete(id));
    underWay.set(id, measuring);
    const measure = await measuring;
    book.setMeasure(id, measure);
    return { bytes, measure };
  };
}

async function measureFile(bytes: Uint8Array, offers: Offers): Promise<FileMeasure> {
  const { offer, good, bad } = await planBatch(new TextDecoder().decode(bytes), offers);
  const sum = (of: (line: (typeof good)[number]) => number) => good.reduce((all, line) => all + of(line), 0);
  const [first] = bad;
  return {
    model: offer?.engine.model.id ?? "",
    lines: good.length + bad.length,
    items: good.length,
    promptTokens: sum(({ promptTokens }) => promptTokens),
    maxTokens: sum(({ maxTokens }) => maxTokens),
    ...(first && { fault: { line: first.line, message: first.fault.message } }),
  };
}

/** What a batch is made of. */
interface NewBatch {
  readonly ask: BatchAsk;
  readonly bytes: Uint8Array;
  readonly name: StoredBatch["payment"];
  readonly measure: FileMeasure;
}

/** Takes the payment of a batch and begins it. */
async function begin(
  options: BatchRoutesOptions & { readonly worker: BatchWorker },
  batch: NewBatch,
  request: Request,
): Promise<StoredBatch> {
  const { book, desk, offers, worker } = options;
  const { items, promptTokens, maxTokens, fault } = batch.measure;
  if (items === 0) {
    const why = fault === undefined ? "" : ` Line ${fault.line}: ${fault.message}`;
    throw badRequest("BATCH_EMPTY", `No line of the file can be answered.${why}`, "input_file_id");
  }
  const { engine } = offered(batch.measure.model, offers).offer;
  const leave = worker.enter();
  if (leave === undefined) {
    const headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
    const sentence = "As many batches run as this node takes. Ask another provider, or ask again later.";
    throw new ApiError(sentence, { status: 429, code: "AT_CAPACITY", headers });
  }
  try {
    const { bytes } = batch;
    const size = { items, promptTokens, maxTokens };
    const admission = await desk.admit({ model: engine.model.id, bytes, ...size, ...paymentOf(request) });
    const call = admittedBy(admission);
    const begun = newBatch(batch, call, { now: book.now(), seconds: options.batchSeconds });
    await worker.begin(begun, call, bytes);
    return begun;
  } finally {
    leave();
  }
}

function admittedBy(admission: Admission): LiveCall {
  if (admission.kind === "refused") {
    throw deskError(admission);
  }
  if (admission.kind === "replay") {
    const sentence = "This payment has paid for a batch that is not kept any more. Sign a new one.";
    throw new ApiError(sentence, { status: 409, code: "BATCH_OVER" });
  }
  return admission.call;
}

function newBatch(
  { ask, name, measure }: NewBatch,
  { channelId, seq, reserve }: LiveCall,
  { now, seconds }: { readonly now: number; readonly seconds: number },
): StoredBatch {
  return {
    id: secretId("batch_"),
    payment: name,
    status: "in_progress",
    inputFileId: ask.input_file_id,
    metadata: ask.metadata ?? null,
    counts: { total: measure.lines, completed: 0, failed: 0 },
    usage: { input: 0, output: 0 },
    createdAt: now,
    expiresAt: now + seconds,
    times: { in_progress: now },
    channelId,
    seq: seq.toString(),
    reserve: reserve.toString(),
  };
}
