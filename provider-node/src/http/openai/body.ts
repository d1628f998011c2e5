import { jsonDepth, MAX_JSON_DEPTH, SEALED_MEDIA_TYPE } from "@touchstone/sdk/protocol";
import express, { type Request, type RequestHandler } from "express";
import type { Hex } from "viem";
import { HttpError } from "../errors.ts";

/** Opens what was sealed for this node, see `openSealed`. */
export type Opener = (sealed: Uint8Array) => Promise<{ readonly bytes: Uint8Array; readonly model: Hex }>;

/** The exact bytes of a body. */
export interface ExactBody {
  readonly bytes: Uint8Array;
  /** The id of the model that a sealed request is bound to. */
  readonly sealedFor?: Hex;
}

const TAKEN = ["application/json", SEALED_MEDIA_TYPE];

const bodies = new WeakMap<Request, ExactBody>();

/** Reads a JSON body of at most so many bytes, uncompressed, and opens a sealed one; see {@link bodyOf}. */
export function exactBody(maxBytes: number, open: Opener | undefined): RequestHandler[] {
  return [
    (request, _response, next) => {
      if (request.is(TAKEN) === false) {
        throw new HttpError("BODY_TYPE_UNSUPPORTED", `The body must be of content-type ${TAKEN.join(" or ")}.`);
      }
      next();
    },
    express.raw({ type: () => true, limit: maxBytes, inflate: false }),
    async (request, _response, next) => {
      const raw: unknown = request.body;
      const sent = raw instanceof Uint8Array ? raw : new Uint8Array();
      const body = request.is(SEALED_MEDIA_TYPE) ? await unseal(sent, open) : { bytes: sent };
      if (jsonDepth(body.bytes) > MAX_JSON_DEPTH) {
        throw new HttpError("BODY_TOO_DEEP", `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
      }
      bodies.set(request, body);
      next();
    },
  ];
}

/** The body that {@link exactBody} read. */
export function bodyOf(request: Request): ExactBody {
  return bodies.get(request) ?? { bytes: new Uint8Array() };
}

async function unseal(sealed: Uint8Array, open: Opener | undefined): Promise<ExactBody> {
  if (open === undefined) {
    throw new HttpError("BODY_TYPE_UNSUPPORTED", "This node has no key for sealed requests. Send it as JSON.");
  }
  const { bytes, model } = await open(sealed);
  return { bytes, sealedFor: model };
}
