import { parseAs, signedInstructionSchema } from "@touchstone/sdk/protocol";
import { Router } from "express";
import type { OwnerDesk } from "../owner/owner-desk.ts";
import { jsonBody } from "./body.ts";
import { limitPosts } from "./limit-posts.ts";

/** An instruction, with room for the wrapped signature of a contract. */
const MAX_BODY_BYTES = 32 * 1024;
/** Of one address: each may cost a question to the chain, and no owner has so much to say. */
const POSTS_PER_MINUTE = 20;

/** `/owner`: on which terms the node works; its provider changes them by signed instructions. */
export function ownerRoutes(owner: Pick<OwnerDesk, "show" | "instruct">): Router {
  const router = Router();

  router.get("/owner", (_request, response) => {
    response.set("cache-control", "no-store").json(owner.show());
  });

  router.post("/owner", limitPosts(POSTS_PER_MINUTE), ...jsonBody(MAX_BODY_BYTES), async (request, response) => {
    const signed = parseAs(signedInstructionSchema, request.body, "owner's instruction");
    response.set("cache-control", "no-store").json(await owner.instruct(signed));
  });

  return router;
}
