import { type Request, Router } from "express";
import { rateLimit } from "express-rate-limit";
import type { BatchBook } from "../../live/batch-book.ts";
import type { StoredFile } from "../../store/files.ts";
import { ApiError } from "./errors.ts";
import { type UploadLimits, uploadOf } from "./files-upload.ts";

/** What the routes of files work with. */
export interface FileRoutesOptions extends UploadLimits {
  readonly book: BatchBook;
  /** Files that one address may upload in a minute: they cost nothing. */
  readonly postsPerMinute: number;
}

/** `/v1/files`: what goes into batches and comes out of them. Whoever knows a file's id may read and delete it. */
export function fileRoutes(options: FileRoutesOptions): Router {
  const { book } = options;
  const router = Router();
  const find = (request: Request): StoredFile => {
    const file = book.file(String(request.params.id));
    if (file === undefined) {
      const sentence = "There is no such file; it may have expired. Check its id, or upload it again.";
      throw new ApiError(sentence, { status: 404, code: "FILE_NOT_FOUND", param: "id" });
    }
    return file;
  };

  router.post("/files", limitUploads(options.postsPerMinute), async (request, response) => {
    response.json(fileObject(await book.upload(await uploadOf(request, options))));
  });

  router.get("/files", () => {
    throw notListed("files");
  });

  router.get("/files/:id", (request, response) => {
    response.set("cache-control", "no-store").json(fileObject(find(request)));
  });

  router.get("/files/:id/content", (request, response) => {
    const { id } = find(request);
    const { buffer, byteOffset, byteLength } = book.content(id);
    // What anyone may have sent: never for a browser to interpret.
    response.set({ "content-type": "application/octet-stream", "cache-control": "no-store" });
    response.send(Buffer.from(buffer, byteOffset, byteLength));
  });

  router.delete("/files/:id", async (request, response) => {
    const { id } = find(request);
    await book.deleteFile(id);
    response.json({ id, object: "file", deleted: true });
  });

  return router;
}

/** For lists that a node cannot give. */
export function notListed(what: "files" | "batches"): ApiError {
  const sentence = `Nobody has an account on a node, so it lists no ${what}: keep their ids. A gateway lists those of a key.`;
  return new ApiError(sentence, { status: 404, code: "LISTING_NOT_OFFERED" });
}

/** OpenAI's file object. */
function fileObject({ id, bytes, createdAt, expiresAt, filename, purpose }: StoredFile) {
  const times = { created_at: createdAt, expires_at: expiresAt };
  return { id, object: "file", bytes, ...times, filename, purpose, status: "processed" } as const;
}

function limitUploads(perMinute: number) {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: false,
    legacyHeaders: false,
    validate: { trustProxy: false },
    handler: () => {
      const options = { status: 429, code: "RATE_LIMITED", headers: { "retry-after": "60" } };
      throw new ApiError("Too many uploads of this address. Wait a minute.", options);
    },
  });
}
