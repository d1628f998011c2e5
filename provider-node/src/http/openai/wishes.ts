import type { Hex } from "viem";
import { ApiError, badRequest } from "./errors.ts";
import type { Offer, Offers } from "./offers.ts";

/** What a body asks of the server, beside what it asks of the model. */
export interface Wishes {
  readonly offer: Offer;
  /** The model, as the buyer named it. */
  readonly model: string;
  readonly wantsStream: boolean;
  readonly wantsUsage: boolean;
  /** Alternatives a token; nothing if no probabilities were asked for. */
  readonly topLogprobs: number | undefined;
}

/** The fields of a JSON body; of one that is no object, none: who parses it says so. */
export function fieldsOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw badRequest("REQUEST_NOT_JSON", "The request is not JSON.");
  }
}

/** Reads what a chat body asks of the server; its types, the parser of requests has checked before. */
export function wishesOf(fields: Readonly<Record<string, unknown>>, offers: Offers, sealedFor?: Hex): Wishes {
  const { stream_options: streaming, logprobs, top_logprobs: top } = fields;
  const wantsUsage = typeof streaming === "object" && streaming !== null && "include_usage" in streaming;
  return {
    ...offered(fields.model, offers, sealedFor),
    wantsStream: fields.stream === true,
    wantsUsage: wantsUsage && streaming.include_usage === true,
    topLogprobs: logprobs === true ? (typeof top === "number" ? top : 0) : undefined,
  };
}

/** The offer of a model by its exact name or id: no paths, no prefixes, no tags. */
export function offered(
  model: unknown,
  offers: Offers,
  sealedFor?: Hex,
): { readonly offer: Offer; readonly model: string } {
  if (typeof model !== "string") {
    throw badRequest("MODEL_MISSING", "Name a model in `model`; GET /v1/models lists them.", "model");
  }
  const offer = offers.get(model);
  if (offer === undefined) {
    const sentence = "This node does not serve that model. GET /v1/models lists those that it does.";
    throw new ApiError(sentence, { status: 404, code: "MODEL_NOT_FOUND", param: "model" });
  }
  if (sealedFor !== undefined && sealedFor !== offer.engine.model.id) {
    throw badRequest(
      "SEAL_OTHER_MODEL",
      "The request was sealed for another model than it asks. Seal it again.",
      "model",
    );
  }
  return { offer, model };
}
