import {
  decodeEvidence,
  decodeOutput,
  decodeUtf8,
  type ItemCompletion,
  type ResultEvidence,
  readRequest,
  TRACE_ENTRY_BYTES,
} from "@touchstone/sdk/protocol";
import { Router } from "express";
import { canJudge, recheck, type SecondOpinion } from "../../live/recheck.ts";
import { bodyOf, exactBody } from "./body.ts";
import { apiErrorHandler, badRequest, deskError, noSuchRoute } from "./errors.ts";
import { limitRefusals, noteAdmitted, requireOpen } from "./limits.ts";
import type { Offer } from "./offers.ts";
import { watchReader } from "./reader.ts";
import type { LiveRoutesOptions } from "./router.ts";
import { type Buyer, enter, paymentOf, receiptHeaders, type Shop } from "./sale.ts";
import { offered } from "./wishes.ts";

/**
 * `POST /touchstone/recheck`: a second opinion on one item of another provider's result, paid like a prompt of all its
 * tokens. The body is what `encodeEvidence` makes.
 */
export function recheckRoutes(options: LiveRoutesOptions): Router {
  const router = Router();
  const limit = limitRefusals(options.refusalsPerMinute);
  const paid = [limit, requireOpen(options.isDraining), ...exactBody(options.maxBodyBytes, undefined)];
  router.post("/recheck", ...paid, (request, response) => sellRecheck(options, { request, response }));
  router.use(noSuchRoute, apiErrorHandler(options.logger));
  return router;
}

async function sellRecheck(shop: Shop, { request, response }: Buyer): Promise<void> {
  const { bytes } = bodyOf(request);
  const evidence = decodeEvidence(decodeUtf8(bytes) ?? "");
  const { offer } = offered(evidence.spec.model, shop.offers);
  const promptTokens = await tokensOf(evidence, offer);
  const place = enter({ offer });
  response.setTimeout(0);
  const reader = watchReader(response, shop.signal);
  try {
    const ask = { model: offer.engine.model.id, bytes, promptTokens, maxTokens: 0 };
    const admission = await shop.desk.admit({ ...ask, ...paymentOf(request) });
    if (admission.kind === "refused") {
      throw deskError(admission);
    }
    noteAdmitted(response);
    if (admission.kind === "replay") {
      const output = decodeOutput(admission.output) as ItemCompletion;
      show({ request, response }, admission.settled, output);
      return;
    }
    const { call } = admission;
    reader.startTimer(shop.callTimeoutMs);
    const opinion = await place
      .turn(reader.cut)
      .then(() => recheck(offer.engine, evidence, reader.cut))
      .catch(async (error: unknown) => {
        await call.fail();
        throw error;
      });
    const output = outputOf(opinion, promptTokens);
    const used = { promptTokens, completionTokens: 0 };
    const settled = await call.finish({ output, trace: new Uint8Array(), ...used, isJudged: false });
    const { model } = offer.engine;
    shop.logger.info("result rechecked", { call: call.id, model: model.name, verdict: opinion.verdict });
    show({ request, response }, settled, output);
  } finally {
    reader.done();
    place.leave();
  }
}

/** As many tokens as the pass goes over: the prompt's, and those of the trace. */
async function tokensOf({ items }: ResultEvidence, { engine }: Offer): Promise<number> {
  const [item] = items;
  if (item === undefined || items.length > 1) {
    throw badRequest("RECHECK_ONE_ITEM", "Send the evidence of one item.", "items");
  }
  if (!canJudge(engine)) {
    throw badRequest("MODEL_UNSUPPORTED", "This node cannot recheck results of that model.", "spec.model");
  }
  const request = readRequest(item.request);
  const reading = "error" in request ? request : await engine.read(request, []);
  const promptTokens = "error" in reading ? 0 : reading.promptTokens;
  return promptTokens + Math.ceil(item.trace.length / TRACE_ENTRY_BYTES);
}

function outputOf(opinion: SecondOpinion, promptTokens: number): ItemCompletion {
  return { finishReason: "stop", promptTokens, text: JSON.stringify(opinion), tokens: [] };
}

function show({ response }: Buyer, settled: Parameters<typeof receiptHeaders>[0], output: ItemCompletion): void {
  const usage = { promptTokens: output.promptTokens, completionTokens: 0 };
  const headers = receiptHeaders(settled, { output, usage, finishReason: "stop", logprobs: undefined });
  response.set(headers).type("json").send(output.text);
}
