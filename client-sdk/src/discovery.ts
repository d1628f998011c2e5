import type { Address, Hex } from "viem";
import type { GetAccountReturnType } from "./actions/get-account.ts";
import { getAccount } from "./actions/get-account.ts";
import { fetchCard } from "./actions/internal/card.ts";
import { asTouchstoneError } from "./actions/internal/chain-errors.ts";
import type { ReadClient, WithHistory } from "./actions/internal/clients.ts";
import type { HttpErrorType, HttpOptions } from "./actions/internal/http.ts";
import { inParallel } from "./actions/internal/in-parallel.ts";
import { type PublishedCard, readPublishedCards } from "./actions/internal/provider-uris.ts";
import type { ReadErrorType } from "./actions/internal/transact.ts";
import { CardError, type TouchstoneError } from "./errors.ts";
import { type CardModel, cardEndpoint, type ProviderCard } from "./protocol/card.ts";

export interface DiscoverProvidersParameters extends WithHistory, HttpOptions {
  /** Only providers that offer this model. */
  readonly model?: Hex | undefined;
  /** Also those whose card says they take no jobs now. Default: no. */
  readonly inactive?: boolean | undefined;
}

/** A provider that a buyer may ask. */
export interface ListedProvider {
  readonly provider: Address;
  /** Base of its node's HTTP routes. */
  readonly endpoint: string;
  readonly card: ProviderCard;
  /** Its stake, exposure and capacity, token units. */
  readonly account: GetAccountReturnType;
  /** What it offers of the model asked for. */
  readonly offer: CardModel | undefined;
}

/** Who sells, and whose card cannot be used. */
export interface DiscoverProvidersReturnType {
  /** Who can take on most comes first. */
  readonly providers: readonly ListedProvider[];
  /** Whose card cannot be used, and why. */
  readonly failures: readonly { readonly provider: Address; readonly uri: string; readonly error: TouchstoneError }[];
}

export type DiscoverProvidersErrorType = ReadErrorType | HttpErrorType | CardError;

const PARALLEL_CARDS = 8;

/**
 * Finds who sells: reads the providers that published a card, fetches and checks their cards, and reads their stakes.
 *
 * @example
 * const { providers } = await client.discoverProviders({ model });
 * const { offers } = await client.requestQuotes({ urls: providers.map(({ endpoint }) => endpoint), spec });
 */
export async function discoverProviders(
  client: ReadClient,
  parameters: DiscoverProvidersParameters,
): Promise<DiscoverProvidersReturnType> {
  const { model, inactive = false, signal } = parameters;
  const published = await readPublishedCards(client, parameters);
  const looked = await inParallel(published, PARALLEL_CARDS, async ({ provider, uri }) => {
    try {
      return { provider, uri, listed: await look(client, parameters, { provider, uri }) };
    } catch (error) {
      signal?.throwIfAborted();
      return { provider, uri, error: asTouchstoneError(error, "discoverProviders") };
    }
  });
  const isWanted = ({ card, offer }: ListedProvider) =>
    (card.active || inactive) && (model === undefined || offer !== undefined);
  const providers = looked.flatMap(({ listed }) => (listed !== undefined && isWanted(listed) ? [listed] : []));
  const failures = looked.flatMap(({ provider, uri, error }) =>
    error === undefined ? [] : [{ provider, uri, error }],
  );
  return { providers: providers.sort(byCapacity), failures };
}

async function look(
  client: ReadClient,
  parameters: DiscoverProvidersParameters,
  { provider, uri }: Pick<PublishedCard, "provider" | "uri">,
): Promise<ListedProvider> {
  const { market, fetch, signal, timeoutMs, retries, model } = parameters;
  const [card, account] = await Promise.all([
    fetchCard(client, { market, provider, uri, fetch, signal, timeoutMs, retries }),
    getAccount(client, { market, account: provider }),
  ]);
  const endpoint = cardEndpoint(card);
  if (endpoint === undefined) {
    const sentence = `The card of ${provider} lists no Touchstone service.`;
    throw new CardError("CARD_WITHOUT_ENDPOINT", sentence, { details: { provider, uri } });
  }
  const offer = card.touchstone.models.find(({ id }) => id === model?.toLowerCase());
  return { provider, endpoint, card, account, offer };
}

function byCapacity(a: ListedProvider, b: ListedProvider): number {
  return a.account.capacity > b.account.capacity ? -1 : Number(a.account.capacity < b.account.capacity);
}
