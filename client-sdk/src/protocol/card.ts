import * as z from "zod";
import { addressField, amountField, hashField } from "./fields.ts";

/** The `type` of an ERC-8004 registration file. */
export const CARD_TYPE = "https://eips.ethereum.org/EIPS/eip-8004#registration-v1";

/** The name under which a card lists the node's address among its services. */
export const CARD_SERVICE = "touchstone";

/** A model on offer. Prices in token units. */
export const cardModelSchema = z.looseObject({
  /** `ModelId` on chain. */
  id: hashField,
  /** What buyers ask for. */
  name: z.string().min(1),
  pricePerItem: amountField,
  pricePerMillionInputTokens: amountField,
  pricePerMillionOutputTokens: amountField,
  /** Tokens of prompt and output together. */
  contextLength: z.int().positive(),
});
export type CardModel = z.infer<typeof cardModelSchema>;

/** What a provider says of itself: JSON in the shape of an ERC-8004 registration file. */
export const providerCardSchema = z.looseObject({
  type: z.string(),
  name: z.string(),
  description: z.string(),
  /** Whether it takes jobs now. */
  active: z.boolean(),
  services: z.array(z.looseObject({ name: z.string(), endpoint: z.string(), version: z.string().optional() })),
  touchstone: z.looseObject({
    provider: addressField,
    market: addressField,
    chainId: z.int().positive(),
    region: z.string(),
    hardware: z.string(),
    models: z.array(cardModelSchema),
  }),
});
export type ProviderCard = z.infer<typeof providerCardSchema>;

/** The base URL of the node's HTTP routes, or nothing if the card lists none. */
export function cardEndpoint(card: ProviderCard): string | undefined {
  return card.services.find(({ name }) => name === CARD_SERVICE)?.endpoint;
}
