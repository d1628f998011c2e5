import {
  decodeOutput,
  encodeEnvelope,
  encodeEnvelopeHeader,
  type InferenceRequest,
  type ItemCompletion,
  PAYMENT_RESPONSE_HEADER,
  PAYMENT_SIGNATURE_HEADER,
  PRICES_HEADER,
  RECEIPT_EVENT,
  RECEIPT_FULL,
  RECEIPT_HEADER,
  type ReceiptEnvelope,
} from "@touchstone/sdk/protocol";
import type { Request, Response } from "express";
import type { Engine, Generated, TextDelta } from "../../engine/engine.ts";
import type { Admission, Ask, LiveCall, LiveDesk, Settled } from "../../live/desk.ts";
import type { Logger } from "../../logger.ts";
import { requestIdOf } from "../request-id.ts";
import { ApiError, apiErrorOf, badRequest, deskError } from "./errors.ts";
import { type Face, type FaceOf, type ShownAnswer, shownLogprobs, sse } from "./face.ts";
import { noteAdmitted } from "./limits.ts";
import type { Offers } from "./offers.ts";
import type { Place } from "./queue.ts";
import { type Reader, watchReader } from "./reader.ts";
import { EventStream } from "./stream.ts";
import type { Wishes } from "./wishes.ts";

/** What it takes to sell calls. */
export interface Shop {
  readonly offers: Offers;
  readonly desk: LiveDesk;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** Ends all generations, when the node stops. */
  readonly signal: AbortSignal;
  /** Longest that one generation may take. */
  readonly callTimeoutMs: number;
  /** How long a reader may take nothing. */
  readonly stalledReaderMs: number;
}

/** A text that somebody wants to have written. */
export interface Purchase extends Wishes {
  readonly request: InferenceRequest;
  /** The bytes that the receipt commits to. */
  readonly bytes: Uint8Array;
  readonly faceOf: FaceOf;
}

/** Who buys, and where the answer goes. */
export interface Buyer {
  readonly request: Request;
  readonly response: Response;
}

interface Sale extends Purchase {
  readonly shop: Shop;
  readonly call: LiveCall;
  readonly place: Place;
  readonly reader: Reader;
  readonly response: Response;
  readonly face: Face;
  /** Whether the receipt brings the ids of the tokens. */
  readonly wantsTokens: boolean;
}

/**
 * Sells one text: measures it, takes a place in line, then the payment, writes, charges what was used.
 *
 * @throws ApiError a refusal, as long as nothing of the answer was sent; nothing is charged then.
 */
export async function sell(shop: Shop, purchase: Purchase, { request, response }: Buyer): Promise<void> {
  const { offer, bytes } = purchase;
  const size = await measure(offer.engine, purchase.request, bytes);
  const place = enter(purchase);
  response.setTimeout(0); // From here on the sale itself looks after readers that stall.
  const reader = watchReader(response, shop.signal);
  try {
    const ask = { ...size, model: offer.engine.model.id, bytes };
    const admission = await shop.desk.admit({ ...ask, ...paymentOf(request) });
    const wantsTokens = request.get(RECEIPT_HEADER) === RECEIPT_FULL;
    if (admission.kind === "refused") {
      throw deskError(admission);
    }
    noteAdmitted(response);
    if (admission.kind === "replay") {
      await replay(purchase, admission, shop, { response, wantsTokens });
      return;
    }
    const { call } = admission;
    const face = purchase.faceOf({ id: nameOf(call.id), created: shop.now(), model: purchase.model });
    await serve({ ...purchase, shop, call, place, reader, response, face, wantsTokens });
  } finally {
    reader.done();
    place.leave();
  }
}

/** Who pays, for what, and at which prices. */
export function paymentOf(request: Request): Pick<Ask, "payment" | "prices" | "resource"> {
  const resource = `${request.protocol}://${request.host}${request.originalUrl}`;
  return { payment: request.get(PAYMENT_SIGNATURE_HEADER), prices: request.get(PRICES_HEADER), resource };
}

/** A place in line, before anything is paid. */
export function enter({ offer }: Pick<Wishes, "offer">): Place {
  const place = offer.queue.enter();
  if (place === undefined) {
    const sentence = "All places in line for this model are taken. Ask another provider, or ask again later.";
    const headers = { "retry-after": String(offer.queue.retryAfter) };
    throw new ApiError(sentence, { status: 429, code: "AT_CAPACITY", headers });
  }
  return place;
}

/** More than the tokens of any text have on average: what is longer need not be tokenised to know that it does not fit. */
const MAX_TOKEN_BYTES = 64;

/**
 * The tokens of a prompt, and the most that its answer may have.
 *
 * @throws ApiError what is wrong with the request.
 */
export async function measure(engine: Engine, request: InferenceRequest, { length }: Uint8Array) {
  if (length > MAX_TOKEN_BYTES * engine.model.contextLength) {
    const sentence = `The prompt is longer than the ${engine.model.contextLength} tokens that this model takes.`;
    throw badRequest("PROMPT_TOO_LONG", sentence, "messages");
  }
  const reading = await engine.read(request, []);
  if ("error" in reading) {
    throw badRequest(reading.error.code, reading.error.message);
  }
  return { promptTokens: reading.promptTokens, maxTokens: reading.limit };
}

/** Runs an admitted call to one of its three ends. */
async function serve(sale: Sale): Promise<void> {
  const { call, place, reader, wantsStream, shop } = sale;
  try {
    await place.turn(reader.cut);
  } catch {
    await call.fail(); // Nothing was begun.
    shop.signal.throwIfAborted();
    return;
  }
  reader.startTimer(shop.callTimeoutMs);
  await (wantsStream ? sellStream(sale) : sellWhole(sale));
}

async function sellWhole(sale: Sale): Promise<void> {
  const { reader, response, face, wantsTokens, shop } = sale;
  const logprobs = collector();
  let written = 0;
  const generated = await generate(sale, (delta) => {
    written += delta.tokens;
    logprobs.take(delta);
  });
  const answer = answerOf(generated, written, logprobs.all());
  const settled = await settle(sale, generated, answer);
  if (reader.reason === "left") {
    return;
  }
  response.setTimeout(shop.stalledReaderMs);
  const tokens = wantsTokens ? { touchstone: { tokens: answer.output.tokens } } : {};
  response.set(receiptHeaders(settled, answer)).json({ ...face.whole(answer), ...tokens });
}

async function sellStream(sale: Sale): Promise<void> {
  const { reader, response, face, shop } = sale;
  const stream = new EventStream(response, { stallMs: shop.stalledReaderMs, onStall: reader.stall });
  let written = 0;
  try {
    const generated = await generate(sale, (delta) => {
      written += delta.tokens;
      const opening = stream.isOpen ? "" : face.opening();
      stream.send(opening + face.delta({ text: delta.text, logprobs: shownLogprobs(delta.logprobs) }), written);
    });
    sale.place.leave(); // The next may run, however slowly this one is read.
    const answer = answerOf(generated, written, undefined);
    if (!(await stream.flushed())) {
      await cut(sale, { ...answer.usage, completionTokens: stream.delivered });
      return;
    }
    const settled = await settle(sale, generated, answer);
    stream.send(stream.isOpen ? "" : face.opening());
    stream.send(face.closing(answer) + receiptEvent(settled, answer, sale.wantsTokens) + face.ending());
  } catch (error) {
    if (!stream.isOpen) {
      throw error;
    }
    stream.send(face.failure(apiErrorOf(error)));
    shop.logger.warn("call failed half-way", { requestId: requestIdOf(response), call: sale.call.id, error });
  }
  await stream.end();
}

/** Writes the text. What fails is our own fault: the call is free. */
async function generate(sale: Sale, onText: (delta: TextDelta) => void): Promise<Generated> {
  const { call, reader, request, offer, topLogprobs, shop } = sale;
  let generated: Generated;
  try {
    const stops = { signal: shop.signal, cut: reader.cut };
    generated = await offer.engine.generate(request, { ...stops, seed: call.seed, onText, topLogprobs });
  } catch (error) {
    await call.fail();
    throw error;
  }
  const { output, wasCut } = generated;
  if (wasCut && "tokens" in output && output.promptTokens === 0) {
    await call.fail();
    const headers = { "retry-after": String(offer.queue.retryAfter) };
    const sentence = "The model did not come to this call in time. Nothing was charged; ask again later.";
    throw new ApiError(sentence, { status: 503, code: "CALL_NOT_BEGUN", headers });
  }
  if ("error" in output) {
    await call.fail();
    throw badRequest(output.error.code, output.error.message);
  }
  return generated;
}

/** Charges a call that came to its end, or that was cut with its reader still there or waiting for a whole answer. */
async function settle(
  sale: Sale,
  { output, trace, wasCut = false }: Generated,
  { usage }: ShownAnswer,
): Promise<Settled> {
  if (wasCut) {
    return await cut(sale, usage);
  }
  const settled = await sale.call.finish({ output, trace, ...usage });
  note(sale, "finished", settled);
  return settled;
}

async function cut(sale: Sale, usage: ShownAnswer["usage"]): Promise<Settled> {
  const settled = await sale.call.cut(usage);
  note(sale, sale.reader.reason ?? "left", settled);
  return settled;
}

function note({ shop, call, offer, response }: Sale, end: string, { charged, envelope }: Settled): void {
  const { promptTokens, completionTokens } = envelope.receipt;
  const what = { requestId: requestIdOf(response), call: call.id, model: offer.engine.model.name };
  shop.logger.info("call sold", { ...what, seq: call.seq, end, promptTokens, completionTokens, charged });
}

/** The same answer again, to who paid for it and did not get it. */
async function replay(
  { wantsStream, faceOf, model }: Purchase,
  { settled, output: bytes }: Extract<Admission, { readonly kind: "replay" }>,
  { stalledReaderMs: stallMs }: Shop,
  { response, wantsTokens }: { readonly response: Response; readonly wantsTokens: boolean },
): Promise<void> {
  const { receipt } = settled.envelope;
  const output = decodeOutput(bytes);
  if ("error" in output) {
    throw badRequest(output.error.code, output.error.message);
  }
  const { promptTokens, completionTokens } = receipt;
  const usage = { promptTokens, completionTokens };
  const answer: ShownAnswer = { output, usage, finishReason: output.finishReason, logprobs: undefined };
  const face = faceOf({ id: nameOf(`${receipt.channelId}-${receipt.seq}`), created: receipt.issuedAt, model });
  if (!wantsStream) {
    const tokens = wantsTokens ? { touchstone: { tokens: output.tokens } } : {};
    response.set(receiptHeaders(settled, answer)).json({ ...face.whole(answer), ...tokens });
    return;
  }
  const stream = new EventStream(response, { stallMs, onStall: () => {} });
  stream.send(face.opening() + face.delta({ text: output.text, logprobs: undefined }));
  stream.send(face.closing(answer) + receiptEvent(settled, answer, wantsTokens) + face.ending());
  await stream.end();
}

/** A whole answer as it is shown. */
export function answerOf(
  { output, wasCut, completionTokens = 0 }: Generated,
  written: number,
  logprobs: ShownAnswer["logprobs"],
): ShownAnswer {
  const whole = output as ItemCompletion; // `generate` throws errors.
  const { promptTokens, tokens } = whole;
  const usage = { promptTokens, completionTokens: Math.max(tokens.length, completionTokens, written) };
  return { output: whole, usage, finishReason: wasCut ? "length" : whole.finishReason, logprobs };
}

/** Gathers the probabilities of an answer that is not streamed. */
export function collector() {
  const all: NonNullable<ShownAnswer["logprobs"]>[number][] = [];
  let isAsked = false;
  return {
    take: ({ logprobs }: TextDelta) => {
      isAsked ||= logprobs !== undefined;
      all.push(...(shownLogprobs(logprobs) ?? []));
    },
    all: () => (isAsked ? all : undefined),
  };
}

function fullEnvelope({ envelope }: Settled, { output, finishReason }: ShownAnswer): ReceiptEnvelope {
  return { ...envelope, finishReason, tokens: output.tokens };
}

/** The headers of a paid answer that is sent whole. */
export function receiptHeaders(settled: Settled, answer: ShownAnswer): Record<string, string> {
  return {
    [PAYMENT_RESPONSE_HEADER]: settled.paymentResponse,
    [RECEIPT_HEADER]: encodeEnvelopeHeader(fullEnvelope(settled, answer)),
    "cache-control": "no-store",
  };
}

/** The receipt at the end of a stream: an event for who asked, else a comment, which every other parser passes over. */
function receiptEvent(settled: Settled, answer: ShownAnswer, isFull: boolean): string {
  const envelope = fullEnvelope(settled, answer);
  return isFull
    ? sse(encodeEnvelope(envelope), RECEIPT_EVENT)
    : `: ${RECEIPT_HEADER} ${encodeEnvelopeHeader(envelope)}\n\n`;
}

/** A plain name of a call for an answer's id. */
function nameOf(call: string): string {
  return call.replace(/^0x/, "").replace(/[^\w-]/g, "-");
}
