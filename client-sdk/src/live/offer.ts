import type { Address } from "viem";
import type { CardLive, CardModel } from "../protocol/card.ts";

/** What one provider asks and promises for one model. */
export interface Offer {
  readonly provider: Address;
  /** Base of its node's HTTP routes. */
  readonly endpoint: string;
  readonly region: string;
  readonly model: CardModel;
  readonly live: CardLive;
  /** Its live bond that is not leaving, token units. */
  readonly bond: bigint;
  /** Whether the court can judge the model. */
  readonly isVerified: boolean;
  /** How often its stake or its live bond was slashed. */
  readonly slashings: number;
}

/** Names an offer: one provider, one model. */
export function offerKey({ provider, model }: Pick<Offer, "provider" | "model">): string {
  return `${provider}/${model.id}`;
}
