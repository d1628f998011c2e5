import type { ListedProvider } from "@touchstone/sdk";
import type { Address, Hex } from "viem";

/** What one provider sells of one model by the call. Prices in token units. */
export interface LiveOffer {
  readonly provider: Address;
  /** The provider's name, by its card. */
  readonly name: string;
  readonly region: string;
  /** Model id, and its name. */
  readonly id: Hex;
  readonly model: string;
  readonly inputPrice: bigint;
  readonly outputPrice: bigint;
  /** The least that a channel with it is opened with. */
  readonly minDeposit: bigint;
}

/** All chats that are sold by the call now, by what a million tokens of output cost, the lowest first. */
export function liveOffers(providers: readonly ListedProvider[]): readonly LiveOffer[] {
  const offers = providers.flatMap(({ provider, card }) => {
    const { live, models, region } = card.touchstone;
    if (!card.active || live === undefined) {
      return [];
    }
    const chats = models.filter(({ kind = "chat" }) => kind === "chat");
    return chats.map((model) => ({
      ...{ provider, name: card.name, region, id: model.id, model: model.name },
      inputPrice: BigInt(model.pricePerMillionInputTokens),
      outputPrice: BigInt(model.pricePerMillionOutputTokens),
      minDeposit: BigInt(live.minDeposit),
    }));
  });
  return offers.sort((a, b) => Number(a.outputPrice - b.outputPrice));
}
