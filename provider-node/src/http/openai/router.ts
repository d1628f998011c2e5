import {
  chatOfResponses,
  PAYMENT_RESPONSE_HEADER,
  parseRequest,
  parseResponsesRequest,
} from "@touchstone/sdk/protocol";
import { type Request, type Response, Router } from "express";
import type { Prices } from "../../terms.ts";
import { type BatchTerms, batchRoutes } from "./batches.ts";
import { bodyOf, exactBody, type Opener } from "./body.ts";
import { chatFace } from "./chat.ts";
import { sellEmbeddings } from "./embeddings.ts";
import { apiErrorHandler, deskError, noSuchRoute } from "./errors.ts";
import { limitRefusals, requireOpen } from "./limits.ts";
import { modelRoutes } from "./models.ts";
import { responsesFace } from "./responses.ts";
import { paymentOf, type Shop, sell } from "./sale.ts";
import { wishesOf } from "./wishes.ts";

/** What the routes under `/v1` work with. */
export interface LiveRoutesOptions extends Shop {
  /** In force now. */
  readonly prices: () => Prices;
  readonly maxBodyBytes: number;
  /** Calls of one address that may be refused in a minute, 402s among them; paid ones do not count. */
  readonly refusalsPerMinute: number;
  /** Whether the node takes no new calls. */
  readonly isDraining: () => boolean;
  /** Left out where no batches are sold. */
  readonly batches?: BatchTerms | undefined;
  /** Left out where the node has no key for sealed requests. */
  readonly open?: Opener | undefined;
}

/** The routes under `/v1`: OpenAI's API, paid by the call. */
export function liveRoutes(options: LiveRoutesOptions): Router {
  const { offers, prices, logger } = options;
  const router = Router();
  const limit = limitRefusals(options.refusalsPerMinute);
  const paid = [limit, requireOpen(options.isDraining), ...exactBody(options.maxBodyBytes, options.open)];
  router.use(modelRoutes(offers, prices, options.now()));

  router.post("/chat/completions", ...paid, async (request, response) => {
    const { bytes, sealedFor } = bodyOf(request);
    const parsed = parseRequest(bytes);
    const wishes = wishesOf(parsed, offers, sealedFor);
    const faceOf = (head: Parameters<typeof chatFace>[0]) =>
      chatFace({ ...head, id: `chatcmpl-${head.id}` }, wishes.wantsUsage);
    await sell(options, { ...wishes, request: parsed, bytes, faceOf }, { request, response });
  });

  router.post("/responses", ...paid, async (request, response) => {
    const body = bodyOf(request);
    const asked = parseResponsesRequest(body.bytes);
    const bytes = chatOfResponses(body.bytes);
    const parsed = parseRequest(bytes);
    const wishes = { ...wishesOf(parsed, offers, body.sealedFor), wantsStream: asked.stream ?? false };
    const faceOf = (head: Parameters<typeof responsesFace>[0]) => responsesFace(head, asked);
    await sell(options, { ...wishes, request: parsed, bytes, faceOf }, { request, response });
  });

  router.post("/embeddings", ...paid, async (request, response) => {
    await sellEmbeddings(options, bodyOf(request), { request, response });
  });

  for (const path of ["/chat/completions", "/responses", "/embeddings"]) {
    router.get(path, limit, (request, response) => refund(options, request, response));
  }

  if (options.batches !== undefined) {
    router.use(["/files", "/batches"], limit);
    router.use(batchRoutes({ ...options, ...options.batches }));
  }

  router.use(noSuchRoute, apiErrorHandler(logger));
  return router;
}

/** x402's cooperative refund: a GET of what is sold, with a payment that asks for money back. */
async function refund({ desk }: Shop, request: Request, response: Response): Promise<void> {
  const refunded = await desk.refund(paymentOf(request));
  if (refunded.kind === "refused") {
    throw deskError(refunded);
  }
  response
    .set({ [PAYMENT_RESPONSE_HEADER]: refunded.paymentResponse, "cache-control": "no-store" })
    .json({ message: "What the channel did not need goes back to its payer." });
}
