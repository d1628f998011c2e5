import express, { type RequestHandler } from "express";
import { Refusal } from "../errors.ts";

/** Deeper than any request nests; a parser or a schema that recurses must not be led further. */
const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x7b, 0x5b];
const CLOSING = [0x7d, 0x5d];

/** A body of JSON: its exact bytes, and what they say. */
export interface JsonBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly value: Readonly<Record<string, unknown>>;
}

/** How long, and how many bytes, a body may be. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/** Reads a body, uncompressed, into `request.body`, as it is. One that takes too long to come cuts the connection. */
export function rawBody({ maxBodyBytes, bodyTimeoutMs }: BodyLimits): RequestHandler[] {
  return [
    (request, _response, next) => {
      const timer = setTimeout(() => request.destroy(), bodyTimeoutMs);
      request.once("end", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
      if (!request.is("application/json")) {
        throw new Refusal("unsupported_media_type", "The body must be of content-type application/json.");
      }
      next();
    },
    express.raw({ limit: maxBodyBytes, inflate: false, type: () => true }),
  ];
}

/**
 * A body as {@link rawBody} read it: a JSON object.
 *
 * @throws Refusal `invalid_json`
 */
export function parseBody(body: unknown): JsonBody {
  const bytes = Buffer.isBuffer(body) ? new Uint8Array(body) : new Uint8Array();
  if (depthOf(bytes) > MAX_DEPTH) {
    throw new Refusal("invalid_json", `The body nests deeper than ${MAX_DEPTH} levels.`);
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { bytes, value: value as Readonly<Record<string, unknown>> };
    }
  } catch {
    throw new Refusal("invalid_json", "We could not parse the JSON body of your request: it must be JSON in UTF-8.");
  }
  throw new Refusal("invalid_json", "The body must be a JSON object.");
}

/** How deep JSON nests, read from its bytes without parsing it. */
export function depthOf(json: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let isInText = false;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] ?? 0;
    if (isInText) {
      index += byte === BACKSLASH ? 1 : 0;
      isInText = byte !== QUOTE;
    } else if (byte === QUOTE) {
      isInText = true;
    } else if (OPENING.includes(byte)) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (CLOSING.includes(byte)) {
      depth -= 1;
    }
  }
  return deepest;
}
