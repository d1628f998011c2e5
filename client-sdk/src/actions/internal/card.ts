import { type Address, isAddressEqual } from "viem";
import { CardError } from "../../errors.ts";
import { type ProviderCard, providerCardSchema } from "../../protocol/card.ts";
import { chainIdOf, type OnMarket, type ReadClient } from "./clients.ts";
import { type HttpOptions, httpJson } from "./http.ts";

const MAX_CARD_BYTES = 262_144;

/** Fetches the card of a provider and checks that it speaks for this provider on this market and chain. */
export async function fetchCard(
  client: ReadClient,
  { market, provider, uri, ...options }: OnMarket & HttpOptions & { readonly provider: Address; readonly uri: string },
): Promise<ProviderCard> {
  if (!/^(https?|data):/i.test(uri)) {
    const sentence = `The card of ${provider} is at "${uri}": only http:, https: and data: addresses are read.`;
    throw new CardError("CARD_URI_UNSUPPORTED", sentence, { details: { provider, uri } });
  }
  const card = await httpJson(providerCardSchema, "provider card", { ...options, url: uri, maxBytes: MAX_CARD_BYTES });
  const told = card.touchstone;
  const chainId = await chainIdOf(client);
  const fits =
    isAddressEqual(told.provider, provider) && isAddressEqual(told.market, market) && told.chainId === chainId;
  if (!fits) {
    const sentence = `The card at ${uri} is of another provider, market or chain than ${provider} on this one.`;
    throw new CardError("CARD_MISMATCH", sentence, { details: { provider, market, chainId, told } });
  }
  return card;
}
