import { once } from "node:events";
import { Readable } from "node:stream";
import busboy from "busboy";
import { type Request, type Response, Router } from "express";
import { Refusal } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Files, StoredFile } from "../store/files.ts";
import { keyOf } from "./auth.ts";
import { listObject, pageOf, queryOf } from "./paging.ts";
import { pump } from "./pump.ts";

/** What the routes of files work with. */
export interface FilesOptions {
  readonly files: Files;
  readonly limits: { readonly bodyTimeoutMs: number };
  readonly logger: Logger;
  /** Whether a batch that is not over reads a file. */
  readonly isInUse: (keyId: string, fileId: string) => boolean;
  /** Unix seconds. */
  readonly now: () => number;
}

const MAX_FIELDS = 16;
const MAX_FIELD_BYTES = 4_096;
const PAGE = { most: 10_000, usual: 10_000 };

/** `/v1/files`: what goes into batches and comes out of them. Each key sees its own. */
export function fileRoutes({ files, limits, isInUse, now }: FilesOptions): Router {
  const router = Router();
  const find = (request: Request, response: Response): StoredFile => {
    const file = files.get(keyOf(response).id, String(request.params.id));
    if (file === undefined) {
      throw new Refusal("not_found", "No such File object.", { param: "id" });
    }
    return file;
  };

  router.post("/v1/files", async (request, response) => {
    response.json(fileObject(await receive(request, files, keyOf(response).id, now())));
  });

  router.get("/v1/files", (request, response) => {
    const page = pageOf(request, PAGE);
    const purpose = queryOf(request).get("purpose") ?? undefined;
    const found = files.list(keyOf(response).id, { ...page, limit: page.limit + 1, purpose });
    response.json(listObject(found.map(fileObject), page));
  });

  router.get("/v1/files/:id", (request, response) => {
    response.json(fileObject(find(request, response)));
  });

  router.get("/v1/files/:id/content", async (request, response) => {
    const { id, bytes } = find(request, response);
    // What anyone may have sent: never for a browser to interpret.
    response.set({ "content-type": "application/octet-stream", "content-length": String(bytes) });
    const body = Readable.toWeb(Readable.from(files.stream(id))) as ReadableStream<Uint8Array>;
    await pump(body, response, { stallMs: limits.bodyTimeoutMs }).catch(() => response.destroy());
  });

  router.delete("/v1/files/:id", async (request, response) => {
    const { id, keyId } = find(request, response);
    if (isInUse(keyId, id)) {
      throw new Refusal("invalid_request", "A batch that is not over reads this file. Cancel it first.");
    }
    await files.delete(keyId, id);
    response.json({ id, object: "file", deleted: true });
  });

  return router;
}

/** OpenAI's file object. */
export function fileObject({ id, bytes, createdAt, filename, purpose }: StoredFile) {
  return { id, object: "file", bytes, created_at: createdAt, filename, purpose, status: "processed" } as const;
}

/** Takes a multipart form in: `purpose` and `file`, in any order, the file straight to the disk. */
async function receive(request: Request, files: Files, keyId: string, now: number): Promise<StoredFile> {
  const form = formOf(request);
  let purpose: string | undefined;
  let saving: Promise<StoredFile> | undefined;
  let failure: Refusal | undefined;
  form.on("field", (name, value) => {
    purpose = name === "purpose" ? value : purpose;
  });
  form.on("file", (name, content, { filename }) => {
    if (name !== "file" || saving !== undefined) {
      content.resume();
      return;
    }
    saving = files.save({ keyId, filename: plainName(filename), purpose: "batch" }, content, now);
    saving.catch(() => form.destroy());
  });
  const cut = () => {
    if (!request.complete) {
      form.destroy();
    }
  };
  request.once("close", cut);
  try {
    request.pipe(form);
    await once(form, "close");
  } catch (cause) {
    failure = new Refusal("invalid_request", "The form is malformed or was cut off.", { cause });
  } finally {
    request.off("close", cut);
  }
  return await judge(files, { saving, purpose, failure });
}

/** The file, if all of the form is in order; else nothing of it stays. */
async function judge(
  files: Files,
  form: { saving: Promise<StoredFile> | undefined; purpose: string | undefined; failure: Refusal | undefined },
): Promise<StoredFile> {
  let stored: StoredFile | undefined;
  try {
    stored = await form.saving;
  } catch (error) {
    throw error instanceof Refusal ? error : (form.failure ?? error);
  }
  const fault = form.failure ?? faultOf(stored, form.purpose);
  if (stored !== undefined && fault === undefined) {
    return stored;
  }
  if (stored !== undefined) {
    await files.delete(stored.keyId, stored.id);
  }
  throw fault;
}

function faultOf(stored: StoredFile | undefined, purpose: string | undefined): Refusal | undefined {
  if (stored === undefined) {
    return new Refusal("missing_required_parameter", "The form has no file in its field `file`.", { param: "file" });
  }
  if (purpose !== "batch") {
    const sentence = "This gateway takes files for one purpose: `batch`.";
    return new Refusal("invalid_value", sentence, { param: "purpose" });
  }
  return stored.bytes === 0 ? new Refusal("invalid_file", "The file is empty.", { param: "file" }) : undefined;
}

function formOf(request: Request) {
  const limits = { fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, files: 1 };
  try {
    return busboy({ headers: request.headers, limits, defParamCharset: "utf8" });
  } catch (cause) {
    const sentence = "Send the file as multipart/form-data, with the fields `purpose` and `file`.";
    throw new Refusal("unsupported_media_type", sentence, { cause });
  }
}

/** A name for people: one line, no folders. */
function plainName(filename: string | undefined): string {
  const last = (filename ?? "").split(/[\\/]/).at(-1) ?? "";
  return last.replaceAll(/\p{Cc}/gu, "").slice(0, 255) || "upload.jsonl";
}
