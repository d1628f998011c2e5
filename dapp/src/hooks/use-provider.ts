import type { ListedProvider } from "@touchstone/sdk";
import { type Address, isAddressEqual } from "viem";
import { useListedProviders } from "./use-providers.ts";

/** The listed provider of an address; nothing while it is not known, or not listed. */
export function useProvider(address: Address | undefined): ListedProvider | undefined {
  const { data } = useListedProviders();
  return address === undefined ? undefined : data?.providers.find(({ provider }) => isAddressEqual(provider, address));
}

/** Names providers as their cards do. */
export function useProviderName(): (address: Address) => string | undefined {
  const { data } = useListedProviders();
  return (address) => data?.providers.find(({ provider }) => isAddressEqual(provider, address))?.card.name;
}
