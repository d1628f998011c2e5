import { Router } from "express";
import { Refusal } from "../errors.ts";
import type { Catalogue, OfferedModel } from "../live/catalogue.ts";

/** What the routes of models work with. */
export interface ModelsOptions {
  readonly catalogue: Catalogue;
  /** Names that the fallback serves, if there is one. */
  readonly fallbackModels: readonly string[];
  /** When the gateway began: OpenAI's objects have a time. Unix seconds. */
  readonly startedAt: number;
}

/** `/v1/models`: what the market offers now, and what the fallback adds. */
export function modelRoutes({ catalogue, fallbackModels, startedAt }: ModelsOptions): Router {
  const router = Router();
  const list = async () => {
    const models = await catalogue.models();
    const offered = new Set(models.map(({ name }) => name));
    const others = fallbackModels.filter((name) => name !== "*" && !offered.has(name));
    return [
      ...models.map((model) => modelObject(model, startedAt)),
      ...others.map((id) => ({ id, object: "model", created: startedAt, owned_by: "fallback" }) as const),
    ];
  };

  router.get("/v1/models", async (_request, response) => {
    response.json({ object: "list", data: await list() });
  });

  router.get("/v1/models/:id", async (request, response) => {
    const { id } = request.params;
    const hashed = await catalogue.find(id);
    const found = (await list()).find((model) => model.id === id) ?? (hashed && modelObject(hashed, startedAt));
    if (found === undefined) {
      throw new Refusal("model_not_found", `The model '${id}' does not exist on this market.`, { param: "model" });
    }
    response.json(found);
  });

  return router;
}

/** OpenAI's model object, with what the market tells beside it. */
function modelObject({ id, name, offers }: OfferedModel, created: number) {
  const providers = offers.map(({ provider, model }) => ({
    provider: provider.provider,
    name: provider.card.name,
    region: provider.card.touchstone.region,
    context_length: model.contextLength,
    price_per_item: model.pricePerItem,
    price_per_million_input_tokens: model.pricePerMillionInputTokens,
    price_per_million_output_tokens: model.pricePerMillionOutputTokens,
  }));
  return { id: name, object: "model", created, owned_by: "touchstone", touchstone: { model: id, providers } } as const;
}
