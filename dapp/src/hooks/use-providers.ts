import { useQuery } from "@tanstack/react-query";
import { useNetwork } from "../network/network-context.tsx";
import { useMarket } from "./use-market.ts";

/** Who sells, by their cards; those who cannot be read too. Cards come from the providers themselves, over HTTP. */
export function useListedProviders() {
  const { market } = useNetwork();
  const client = useMarket();
  return useQuery({
    queryKey: ["listed-providers", market],
    refetchInterval: 20_000,
    queryFn: ({ signal }) => client.discoverProviders({ inactive: true, signal, timeoutMs: 5_000, retries: 0 }),
  });
}
