import type { Address } from "viem";
import { CardError } from "../errors.ts";
import { cardEndpoint, type ProviderCard } from "../protocol/card.ts";
import { fetchCard } from "./internal/card.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import type { HttpErrorType, HttpOptions } from "./internal/http.ts";
import { readPublishedCards } from "./internal/provider-uris.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface GetProviderCardParameters extends WithHistory, HttpOptions {
  readonly provider: Address;
}

/** What a provider says of itself. */
export interface GetProviderCardReturnType {
  readonly card: ProviderCard;
  /** Where the card is. */
  readonly uri: string;
  /** Base of the node's HTTP routes. */
  readonly endpoint: string;
}

export type GetProviderCardErrorType = ReadErrorType | HttpErrorType | CardError;

/**
 * Reads what a provider says of itself, from where it said last that its card is.
 *
 * @example
 * const { card, endpoint } = await client.getProviderCard({ provider });
 */
export async function getProviderCard(
  client: ReadClient,
  parameters: GetProviderCardParameters,
): Promise<GetProviderCardReturnType> {
  const { provider } = parameters;
  const [published] = await readPublishedCards(client, parameters);
  if (published === undefined) {
    const sentence = `Provider ${provider} published no card: ask it for its address.`;
    throw new CardError("CARD_UNPUBLISHED", sentence, { details: { provider } });
  }
  const card = await fetchCard(client, { ...parameters, uri: published.uri });
  const endpoint = cardEndpoint(card);
  if (endpoint === undefined) {
    const sentence = `The card of ${provider} lists no Touchstone service: ask it for its address.`;
    throw new CardError("CARD_WITHOUT_ENDPOINT", sentence, { details: { provider, uri: published.uri } });
  }
  return { card, uri: published.uri, endpoint };
}
