import { useQuery } from "@tanstack/react-query";
import type { ListedProvider } from "@touchstone/sdk";
import { encodeRequest, type InferenceRequest, inputRoot, requestHash } from "@touchstone/sdk/protocol";
import { useMemo } from "react";
import type { Hex } from "viem";
import type { MarketWallet } from "../../hooks/use-wallet.ts";

/** Before quotes run out (60 s): who reads them has always one that holds. */
const REFRESH_MS = 40_000;

export interface QuotesParameters {
  readonly wallet: MarketWallet | undefined;
  readonly model: Hex | undefined;
  readonly requests: readonly InferenceRequest[];
  /** Who sells the model. */
  readonly providers: readonly ListedProvider[];
  /** For which requests quotes were asked: what `rootOf` says of them. */
  readonly asked: Hex | undefined;
}

/** Offers for exactly these requests, asked anew before they run out. The requests are sent to the providers for that. */
export function useQuotes({ wallet, model, requests, providers, asked }: QuotesParameters) {
  const root = useMemo(() => rootOf(requests), [requests]);
  const urls = providers.map(({ endpoint }) => endpoint);
  const query = useQuery({
    queryKey: ["quotes", wallet?.account.address, model, root, urls],
    enabled: wallet !== undefined && model !== undefined && root !== undefined && asked === root && urls.length > 0,
    refetchInterval: REFRESH_MS,
    staleTime: REFRESH_MS,
    gcTime: 0,
    retry: 0,
    queryFn: async ({ signal }) => {
      const buyer = wallet as MarketWallet;
      const { spec } = await buyer.prepareJob({ model: model as Hex, requests, price: 0n });
      return await buyer.requestQuotes({ urls, spec, requests, signal });
    },
  });
  return { root, query };
}

/** What names a list of requests; nothing for none. */
function rootOf(requests: readonly InferenceRequest[]): Hex | undefined {
  return requests.length === 0 ? undefined : inputRoot(requests.map((one) => requestHash(encodeRequest(one))));
}
