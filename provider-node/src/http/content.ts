import { inputUploadSchema, parseAs } from "@touchstone/sdk/protocol";
import { Router } from "express";
import type { Blobs } from "../store/blobs.ts";
import type { Inputs } from "../store/inputs.ts";
import { jsonBody } from "./body.ts";
import { HttpError } from "./errors.ts";
import { hashParameter } from "./hash-parameter.ts";

/** What the routes of content work with. */
export interface ContentOptions {
  readonly blobs: Blobs;
  readonly inputs: Inputs;
  readonly maxBodyBytes: number;
  /** Most requests of one upload. */
  readonly maxItems: number;
  /** Unix seconds. */
  readonly now: () => number;
}

/** What is named by its hash never changes. */
const FOREVER = "public, max-age=31536000, immutable";

/** `/blobs` and `/inputs`: bytes and lists of them by their hashes. */
export function contentRoutes({ blobs, inputs, maxBodyBytes, maxItems, now }: ContentOptions): Router {
  const router = Router();

  router.get("/blobs/:hash", async (request, response) => {
    const hash = hashParameter(request.params.hash);
    const bytes = await blobs.get(hash);
    if (bytes === undefined) {
      throw new HttpError("NOT_FOUND", "This node has no such blob. It may be pruned, or lie with another node.");
    }
    // Bytes that anyone may have sent: never for a browser to interpret.
    response.set({ "cache-control": FOREVER, etag: `"${hash}"`, "content-type": "application/octet-stream" });
    response.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });

  router.get("/inputs/:root", (request, response) => {
    const root = hashParameter(request.params.root);
    const list = inputs.list(root);
    if (list === undefined) {
      throw new HttpError("NOT_FOUND", "This node has no such input. Send it by POST /inputs.");
    }
    response.set({ "cache-control": FOREVER, etag: `"${root}"` });
    response.json(list);
  });

  router.post("/inputs", ...jsonBody(maxBodyBytes), async (request, response) => {
    const { requests } = parseAs(inputUploadSchema, request.body, "upload");
    if (requests.length > maxItems) {
      throw new HttpError("BODY_TOO_LARGE", `This node takes at most ${maxItems} requests in a job.`);
    }
    if (!requests.every((text) => text.isWellFormed())) {
      throw new HttpError("BAD_REQUEST", "A request holds half a surrogate pair, so it has no exact bytes.");
    }
    response.json(
      await inputs.save(
        requests.map((text) => new TextEncoder().encode(text)),
        now(),
      ),
    );
  });

  return router;
}
