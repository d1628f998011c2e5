import type { InferenceRequest } from "@touchstone/sdk/protocol";
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

/** What a request asks of the server. */
export function wishesOf(request: InferenceRequest, offers: Offers, sealedFor?: Hex): Wishes {
  const { model, stream, streamUsage, logprobs, topLogprobs } = request;
  return {
    ...offered(model, offers, sealedFor),
    wantsStream: stream ?? false,
    wantsUsage: streamUsage ?? false,
    topLogprobs: logprobs === true ? (topLogprobs ?? 0) : undefined,
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
