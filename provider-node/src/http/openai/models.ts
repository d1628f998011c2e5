import { Router } from "express";
import type { Prices } from "../../terms.ts";
import type { Offer, Offers } from "./offers.ts";
import { offered } from "./wishes.ts";

/** `GET /v1/models` and `/v1/models/{name or id}`. */
export function modelRoutes(offers: Offers, prices: () => Prices, since: number): Router {
  const router = Router();
  const show = (offer: Offer) => modelOf(offer, prices(), since);
  router.get("/models", (_request, response) => {
    response.json({ object: "list", data: [...new Set(offers.values())].map(show) });
  });
  router.get("/models/:model", (request, response) => {
    response.json(show(offered(request.params.model, offers).offer));
  });
  return router;
}

/** A model as OpenAI lists it, with what the market knows of it beside. */
function modelOf({ engine: { model, embed } }: Offer, prices: Prices, created: number) {
  const { id, name, contextLength, defaults, verification } = model;
  return {
    id: name,
    object: "model",
    created,
    owned_by: "touchstone",
    touchstone: {
      model: id,
      contextLength,
      defaultMaxTokens: defaults.maxTokens,
      verifiable: verification !== undefined,
      embeds: embed !== undefined,
      pricePerItem: prices.pricePerItem.toString(),
      pricePerMillionInputTokens: prices.pricePerMillionInputTokens.toString(),
      pricePerMillionOutputTokens: prices.pricePerMillionOutputTokens.toString(),
    },
  } as const;
}
