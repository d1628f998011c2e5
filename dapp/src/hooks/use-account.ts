import { useQuery } from "@tanstack/react-query";
import { type Address, erc20Abi } from "viem";
import { useNetwork } from "../network/network-context.tsx";
import { useMarket } from "./use-market.ts";
import { useToken } from "./use-token.ts";

/** All that the market keeps for an account, straight from the contract. */
export function useMarketAccount(address: Address | undefined) {
  const { market } = useNetwork();
  const client = useMarket();
  return useQuery({
    queryKey: ["account", market, address],
    enabled: address !== undefined,
    refetchInterval: 5_000,
    queryFn: () => client.getAccount({ account: address as Address }),
  });
}

/** What lies in a wallet: tokens of the market, and the coin that pays for gas. */
export function useWalletBalances(address: Address | undefined) {
  const client = useMarket();
  const token = useToken();
  return useQuery({
    queryKey: ["balances", token?.address, address],
    enabled: address !== undefined && token !== undefined,
    refetchInterval: 5_000,
    queryFn: async () => {
      const account = address as Address;
      const [tokens, coins] = await Promise.all([
        client.readContract({
          address: token?.address as Address,
          abi: erc20Abi,
          functionName: "balanceOf",
          args: [account],
        }),
        client.getBalance({ address: account }),
      ]);
      return { tokens, coins };
    },
  });
}
