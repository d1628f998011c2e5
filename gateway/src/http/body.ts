import { jsonDepth, MAX_JSON_DEPTH } from "@touchstone/sdk/protocol";
import express, { type RequestHandler } from "express";
import { Refusal } from "../errors.ts";

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
  if (jsonDepth(bytes) > MAX_JSON_DEPTH) {
    throw new Refusal("invalid_json", `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
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
