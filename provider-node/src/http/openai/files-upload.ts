import { once } from "node:events";
import type { Readable } from "node:stream";
import { decodeUtf8 } from "@touchstone/sdk/protocol";
import busboy from "busboy";
import type { Request } from "express";
import { HttpError } from "../errors.ts";
import { badRequest } from "./errors.ts";

/** How large an upload may be. */
export interface UploadLimits {
  readonly maxBodyBytes: number;
  /** Most lines that are not empty. */
  readonly maxItems: number;
}

/** A file as it came. */
export interface Upload {
  /** One line, no folders. */
  readonly filename: string;
  readonly bytes: Uint8Array;
}

const MAX_FIELDS = 16;
const MAX_FIELD_BYTES = 4_096;
const LINE_FEED = "\n";

/**
 * Takes a multipart form in: `purpose` and `file`, in any order; a JSONL file for a batch.
 *
 * @throws HttpError `BODY_TYPE_UNSUPPORTED`, `BODY_COMPRESSED`, `BODY_TOO_LARGE`, `BAD_REQUEST`.
 * @throws ApiError `FILE_MISSING`, `FILE_EMPTY`, `FILE_NOT_UTF8`, `FILE_PURPOSE`, `BATCH_TOO_LONG`.
 */
export async function uploadOf(request: Request, { maxBodyBytes, maxItems }: UploadLimits): Promise<Upload> {
  const form = formOf(request, maxBodyBytes);
  let purpose: string | undefined;
  let upload: Promise<Upload> | undefined;
  form.on("field", (name, value) => {
    purpose = name === "purpose" ? value : purpose;
  });
  form.on("file", (name, content, { filename }) => {
    if (name !== "file" || upload !== undefined) {
      content.resume();
      return;
    }
    upload = read(content).then((bytes) => ({ filename: plainName(filename), bytes }));
    upload.catch(() => form.destroy());
  });
  const cut = () => void (request.complete || form.destroy());
  request.once("close", cut);
  let isWhole = true;
  try {
    request.pipe(form);
    await once(form, "close");
  } catch {
    isWhole = false;
  } finally {
    request.off("close", cut);
    request.unpipe(form);
  }
  const received = await upload?.catch((error: unknown) => {
    throw error instanceof HttpError ? error : malformed();
  });
  if (!isWhole) {
    throw malformed();
  }
  return checked(received, purpose, maxItems);
}

function formOf(request: Request, fileSize: number) {
  if ((request.get("content-encoding") ?? "identity") !== "identity") {
    throw new HttpError("BODY_COMPRESSED", "Compressed bodies are not taken. Send it as it is.");
  }
  const limits = { fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, files: 1, fileSize };
  try {
    return busboy({ headers: request.headers, limits, defParamCharset: "utf8" });
  } catch {
    const sentence = "Send the file as multipart/form-data, with the fields `purpose` and `file`.";
    throw new HttpError("BODY_TYPE_UNSUPPORTED", sentence);
  }
}

async function read(content: Readable): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let isCut = false;
  content.once("limit", () => {
    isCut = true;
  });
  for await (const part of content) {
    parts.push(part as Buffer);
  }
  if (isCut) {
    throw new HttpError("BODY_TOO_LARGE", "The file is longer than this node takes. Make several batches of it.");
  }
  return Buffer.concat(parts);
}

function checked(upload: Upload | undefined, purpose: string | undefined, maxItems: number): Upload {
  if (upload === undefined) {
    throw badRequest("FILE_MISSING", "The form has no file in its field `file`.", "file");
  }
  if (purpose !== "batch") {
    throw badRequest("FILE_PURPOSE", "A node takes files for one purpose: `batch`.", "purpose");
  }
  const text = decodeUtf8(upload.bytes);
  if (text === undefined) {
    throw badRequest("FILE_NOT_UTF8", "The file is not UTF-8. A batch is JSONL.", "file");
  }
  const lines = text.split(LINE_FEED).filter((line) => line.trim() !== "").length;
  if (lines === 0) {
    throw badRequest("FILE_EMPTY", "The file has no lines. A batch is JSONL, one request a line.", "file");
  }
  if (lines > maxItems) {
    throw badRequest("BATCH_TOO_LONG", `A batch has at most ${maxItems} lines here. Make several of it.`, "file");
  }
  return upload;
}

function malformed(): HttpError {
  return new HttpError("BAD_REQUEST", "The form is malformed or was cut off.");
}

/** A name for people. */
function plainName(filename: string | undefined): string {
  const last = (filename ?? "").split(/[\\/]/).at(-1) ?? "";
  return last.replaceAll(/\p{Cc}/gu, "").slice(0, 255) || "upload.jsonl";
}
