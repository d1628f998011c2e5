import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import { useIndex } from "../../hooks/use-index.ts";
import { useMarket } from "../../hooks/use-market.ts";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { windowOf } from "../../lib/stats.ts";
import { useNetwork } from "../../network/network-context.tsx";

const REFRESH_MS = 5_000;

/** What the market and its court were deployed with; it never changes. */
export function useParameters() {
  const { market } = useNetwork();
  const client = useMarket();
  return useQuery({
    queryKey: ["parameters", market],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [terms, court] = await Promise.all([client.getParameters(), client.getCourtParameters()]);
      return { ...terms, court };
    },
  });
}

export type Parameters = NonNullable<ReturnType<typeof useParameters>["data"]>;

/** What an account answers with for live calls, and as a validator. */
export function useSureties(address: Address) {
  const { market } = useNetwork();
  const client = useMarket();
  return useQuery({
    queryKey: ["sureties", market, address],
    refetchInterval: REFRESH_MS,
    queryFn: async () => {
      const [bond, seat] = await Promise.all([
        client.getBond({ provider: address }),
        client.getSeat({ account: address }),
      ]);
      return { bond, seat };
    },
  });
}

/** What happened to an account: its row as a provider, its operator keys, its seat's panels. */
export function useHistory(address: Address) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["console-history", market, address],
    refetchInterval: REFRESH_MS,
    queryFn: async () => {
      const [provider, operators, seats] = await Promise.all([
        index.provider(address),
        index.operators(address),
        index.seats(),
      ]);
      return { provider, operators, seat: seats.find(({ owner }) => owner === address) };
    },
  });
}

/** Models whose panels seats may join. */
export function useOpenPanels() {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["open-panels", market],
    refetchInterval: REFRESH_MS,
    queryFn: async () => (await index.models()).filter(({ panelOpenedAt }) => panelOpenedAt !== undefined),
  });
}

/** How far back earnings are shown. */
export const EARNINGS_DAYS = 30;

/** What settled jobs paid a provider lately, by day. */
export function useEarnings(address: Address) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["earnings", market, address],
    refetchInterval: REFRESH_MS,
    queryFn: () => {
      const { from } = windowOf(Math.floor(Date.now() / 1_000), "day", EARNINGS_DAYS);
      return index.providerStats({ interval: "day", provider: address, from });
    },
  });
}

/** The provider's own card as buyers see it, or why they cannot. */
export function useOwnCard(address: Address) {
  const query = useListedProviders();
  return {
    query,
    listed: query.data?.providers.find(({ provider }) => provider === address),
    failure: query.data?.failures.find(({ provider }) => provider === address),
  };
}
