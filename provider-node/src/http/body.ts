import { jsonDepth, MAX_JSON_DEPTH } from "@touchstone/sdk/protocol";
import express, { type RequestHandler } from "express";
import { HttpError } from "./errors.ts";

/** Reads a JSON body of at most so many bytes, uncompressed, into `request.body`. */
export function jsonBody(maxBytes: number): RequestHandler[] {
  return [
    (request, _response, next) => {
      if (!request.is("application/json")) {
        throw new HttpError("BODY_TYPE_UNSUPPORTED", "The body must be of content-type application/json.");
      }
      next();
    },
    express.json({
      limit: maxBytes,
      inflate: false,
      verify: (_request, _response, bytes) => {
        if (jsonDepth(bytes) > MAX_JSON_DEPTH) {
          throw new HttpError("BODY_TOO_DEEP", `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
        }
      },
    }),
  ];
}
