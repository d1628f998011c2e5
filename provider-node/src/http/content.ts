import { inputUploadSchema, parseAs } from "@touchstone/sdk/protocol";
import { Router } from "express";
import type { JobDesk } from "../jobs/desk.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Inputs } from "../store/inputs.ts";
import { bearerOf } from "./bearer.ts";
import { jsonBody } from "./body.ts";
import { HttpError } from "./errors.ts";
import { hashParameter } from "./hash-parameter.ts";
import type { Opener } from "./openai/body.ts";

/** What the routes of content work with. */
export interface ContentOptions {
  readonly blobs: Blobs;
  readonly inputs: Inputs;
  readonly desk: Pick<JobDesk, "mayReadInput">;
  /** Opens what was sealed for this node; nothing where it has no key. */
  readonly open?: Opener | undefined;
  readonly maxBodyBytes: number;
  /** Most requests of one upload. */
  readonly maxItems: number;
  /** Unix seconds. */
  readonly now: () => number;
}

/** What is named by its hash never changes. */
const FOREVER = "public, max-age=31536000, immutable";

/** `/blobs` and `/inputs`: bytes and lists of them by their hashes. */
export function contentRoutes(options: ContentOptions): Router {
  const { blobs, inputs, desk, maxBodyBytes, maxItems, now } = options;
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
    if (list === undefined || !desk.mayReadInput(root, bearerOf(request))) {
      throw new HttpError("NOT_FOUND", "This node has no such input, or shows it to nobody. Send it by POST /inputs.");
    }
    const caching = inputs.isSealed(root) ? "no-store" : FOREVER;
    response.set({ "cache-control": caching, etag: `"${root}"` });
    response.json(list);
  });

  router.post("/inputs", ...jsonBody(maxBodyBytes), async (request, response) => {
    const upload = parseAs(inputUploadSchema, request.body, "upload");
    const isSealed = "sealed" in upload;
    const texts = isSealed ? upload.sealed : upload.requests;
    if (texts.length > maxItems) {
      throw new HttpError("BODY_TOO_LARGE", `This node takes at most ${maxItems} requests in a job.`);
    }
    if (!texts.every((text) => text.isWellFormed())) {
      throw new HttpError("BAD_REQUEST", "A request holds half a surrogate pair, so it has no exact bytes.");
    }
    const sent = texts.map((text) => new TextEncoder().encode(text));
    const { root, requests } = await inputs.save(isSealed ? await openAll(sent, options.open) : sent, now(), isSealed);
    response.json(isSealed ? { root } : { root, requests });
  });

  return router;
}

/** The plain bytes of sealed requests. */
function openAll(sealed: readonly Uint8Array[], open: Opener | undefined): Promise<Uint8Array[]> {
  if (open === undefined) {
    throw new HttpError("BODY_TYPE_UNSUPPORTED", "This node has no key for sealed requests. Ask another provider.");
  }
  return Promise.all(sealed.map(async (one) => (await open(one)).bytes));
}
