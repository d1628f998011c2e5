import { errorResponse, LiveError } from "./live-error.ts";
import type { Offer } from "./offer.ts";

/** A model on the market in OpenAI's shape, with what the market knows of it. */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: "touchstone";
  readonly touchstone: {
    /** Model id on chain. */
    readonly model: string;
    readonly contextLength: number;
    readonly isVerified: boolean;
    readonly providers: number;
    /** The lowest on offer, token units. */
    readonly pricePerMillionInputTokens: string;
    readonly pricePerMillionOutputTokens: string;
  };
}

const MODELS_PATH = /^models(?:\/(.+))?$/;

/**
 * Answers `GET /v1/models` and `GET /v1/models/{name or id}` from what is on offer; nothing for other paths.
 *
 * @param path Behind `/v1/`.
 */
export function modelsResponse(path: string, offers: readonly Offer[]): Response | undefined {
  const match = MODELS_PATH.exec(path);
  if (match === null) {
    return undefined;
  }
  const models = listModels(offers);
  const [, encoded] = match;
  if (encoded === undefined) {
    return Response.json({ object: "list", data: models });
  }
  const name = decodeURIComponent(encoded);
  const model = models.find(({ id, touchstone }) => id === name || touchstone.model === name.toLowerCase());
  const sentence = `No provider offers the model "${name}": GET /v1/models lists those on offer.`;
  return model === undefined ? errorResponse(new LiveError("MODEL_NOT_OFFERED", sentence)) : Response.json(model);
}

/** The models of all cards, each once, by name. */
export function listModels(offers: readonly Offer[]): ListedModel[] {
  const models = [...Map.groupBy(offers, ({ model }) => model.id).values()].flatMap(modelOf);
  return models.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function modelOf(same: readonly Offer[]): ListedModel[] {
  const [first] = same;
  if (first === undefined) {
    return [];
  }
  const { id, name, contextLength } = first.model;
  const lowest = (price: (offer: Offer) => string) =>
    same.map(price).reduce((a, b) => (BigInt(a) <= BigInt(b) ? a : b));
  const touchstone = {
    ...{ model: id, contextLength, isVerified: first.isVerified },
    providers: same.length,
    pricePerMillionInputTokens: lowest(({ model }) => model.pricePerMillionInputTokens),
    pricePerMillionOutputTokens: lowest(({ model }) => model.pricePerMillionOutputTokens),
  };
  return [{ id: name, object: "model", created: 0, owned_by: "touchstone", touchstone }];
}
