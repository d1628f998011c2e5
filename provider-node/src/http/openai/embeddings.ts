import {
  decodeOutput,
  decodeUtf8,
  embeddingOutput,
  embeddingsOf,
  embeddingsResponse,
  type ItemCompletion,
  parseJson,
} from "@touchstone/sdk/protocol";
import * as z from "zod";
import type { Embedded, Engine } from "../../engine/engine.ts";
import type { LiveCall, Settled } from "../../live/desk.ts";
import type { ExactBody } from "./body.ts";
import { badRequest, deskError } from "./errors.ts";
import { noteAdmitted } from "./limits.ts";
import { watchReader } from "./reader.ts";
import { type Buyer, enter, paymentOf, receiptHeaders, type Shop } from "./sale.ts";
import { offered } from "./wishes.ts";

/** Most texts of one call, as with OpenAI. */
const MAX_TEXTS = 2048;

const embeddingsSchema = z.strictObject({
  model: z.string(),
  input: z.union(
    [z.string().min(1), z.array(z.string().min(1)).min(1).max(MAX_TEXTS)],
    `must be a text or a list of 1 to ${MAX_TEXTS} texts, none empty`,
  ),
  encoding_format: z.enum(["float", "base64"], "must be float or base64").default("float"),
  user: z.string().optional(),
});

type EmbeddingsRequest = z.infer<typeof embeddingsSchema>;

/** Sells embeddings of texts: charged by their tokens, with a receipt that no court judges. */
export async function sellEmbeddings(
  shop: Shop,
  { bytes, sealedFor }: ExactBody,
  { request, response }: Buyer,
): Promise<void> {
  const { model, input, encoding_format: encodingFormat } = parse(bytes);
  const { offer } = offered(model, shop.offers, sealedFor);
  const texts = typeof input === "string" ? [input] : input;
  const { engine } = offer;
  if (engine.embed === undefined) {
    throw badRequest("UNSUPPORTED_PARAMETER", "This model makes no embeddings.", "model");
  }
  const promptTokens = await tokensOf(engine, texts);
  const place = enter({ offer });
  response.setTimeout(0);
  const reader = watchReader(response, shop.signal);
  const show = (settled: Settled, output: ItemCompletion) => {
    const { promptTokens: read } = settled.envelope.receipt;
    const shown = { output, usage: { promptTokens: read, completionTokens: 0 }, finishReason: "stop" } as const;
    response.setTimeout(shop.stalledReaderMs);
    response.set(receiptHeaders(settled, { ...shown, logprobs: undefined }));
    response.json(embeddingsResponse({ model, vectors: embeddingsOf(output), promptTokens: read, encodingFormat }));
  };
  try {
    const ask = { model: engine.model.id, bytes, promptTokens, maxTokens: 0 };
    const admission = await shop.desk.admit({ ...ask, ...paymentOf(request) });
    if (admission.kind === "refused") {
      throw deskError(admission);
    }
    noteAdmitted(response);
    if (admission.kind === "replay") {
      show(admission.settled, decodeOutput(admission.output) as ItemCompletion);
      return;
    }
    const { call } = admission;
    reader.startTimer(shop.callTimeoutMs);
    const embedded = await place
      .turn(reader.cut)
      .then(() => embed(engine, texts, reader.cut))
      .catch((error: unknown) => giveUp(call, error));
    const output = embeddingOutput(embedded.vectors, embedded.promptTokens);
    const used = { promptTokens: Math.min(promptTokens, embedded.promptTokens), completionTokens: 0 };
    const settled = await call.finish({ output, trace: new Uint8Array(), ...used, isJudged: false });
    shop.logger.info("call sold", { call: call.id, model: engine.model.name, ...used, charged: settled.charged });
    show(settled, output);
  } finally {
    reader.done();
    place.leave();
  }
}

function parse(bytes: Uint8Array): EmbeddingsRequest {
  const parsed = embeddingsSchema.safeParse(parseJson(decodeUtf8(bytes) ?? ""));
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path.join(".");
  const sentence = issue?.code === "unrecognized_keys" ? "is not served here: leave it out" : issue?.message;
  throw badRequest("REQUEST_INVALID_FIELD", `${field} ${sentence}.`, field);
}

/** As many tokens as the texts have at most: with the chat's template around each, or else a token a byte. */
async function tokensOf(engine: Engine, texts: readonly string[]): Promise<number> {
  let sum = 0;
  for (const text of texts) {
    const counted = await engine.countPromptTokens({ messages: [{ role: "user", content: text }] });
    sum += counted > 0 ? counted : Buffer.byteLength(text) + 2;
  }
  return sum;
}

async function embed(engine: Engine, texts: readonly string[], signal: AbortSignal): Promise<Embedded> {
  const embedded = await engine.embed?.(texts, signal);
  if (embedded === undefined || "error" in embedded) {
    throw badRequest(
      embedded?.error.code ?? "UNSUPPORTED_PARAMETER",
      embedded?.error.message ?? "Not served.",
      "input",
    );
  }
  return embedded;
}

async function giveUp(call: LiveCall, error: unknown): Promise<never> {
  await call.fail();
  throw error;
}
