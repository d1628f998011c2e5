import type { CardLive, CardModel, ListedProvider } from "@touchstone/sdk";
import type { Address } from "viem";
import type { LocalNetwork } from "../../network/network.ts";
import { nameOf } from "../run.ts";

/** What one provider sells calls of the model for. */
export interface LiveOffer {
  readonly name: string;
  readonly provider: Address;
  readonly model: CardModel;
  readonly live: CardLive;
  /** What answers for its receipts, token units. */
  readonly bond: bigint;
}

/** Who sells calls of a model of this name, as cards and chain say. */
export async function liveOffers(network: LocalNetwork, modelName: string): Promise<readonly LiveOffer[]> {
  const { providers } = await network.buyer.discoverProviders();
  const offers = await Promise.all(providers.map((listed) => offerOf(network, listed, modelName)));
  return offers.filter((offer) => offer !== undefined);
}

async function offerOf(
  network: LocalNetwork,
  { provider, card }: ListedProvider,
  modelName: string,
): Promise<LiveOffer | undefined> {
  const { models, live } = card.touchstone;
  const model = models.find(({ name }) => name === modelName);
  if (model === undefined || live === undefined) {
    return undefined;
  }
  const { amount, leaving } = await network.buyer.getBond({ provider });
  return { name: nameOf(network, provider), provider, model, live, bond: amount - leaving };
}

/** The prices of a model as numbers. Token units. */
export function pricingOf({ pricePerItem, pricePerMillionInputTokens, pricePerMillionOutputTokens }: CardModel) {
  return {
    pricePerItem: BigInt(pricePerItem),
    pricePerMillionInputTokens: BigInt(pricePerMillionInputTokens),
    pricePerMillionOutputTokens: BigInt(pricePerMillionOutputTokens),
  };
}
