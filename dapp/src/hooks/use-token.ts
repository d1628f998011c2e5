import { useQuery } from "@tanstack/react-query";
import { marketAbi } from "@touchstone/sdk/protocol";
import { type Address, erc20Abi } from "viem";
import { useNetwork } from "../network/network-context.tsx";
import { useMarket } from "./use-market.ts";

/** In what is paid. */
export interface Token {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
}

/** The token of the market; it never changes. Nothing until it is read. */
export function useToken(): Token | undefined {
  const { market } = useNetwork();
  const client = useMarket();
  const { data } = useQuery({
    queryKey: ["token", market],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Token> => {
      const address = await client.readContract({ address: market, abi: marketAbi, functionName: "token" });
      const [symbol, decimals] = await Promise.all([
        client.readContract({ address, abi: erc20Abi, functionName: "symbol" }),
        client.readContract({ address, abi: erc20Abi, functionName: "decimals" }),
      ]);
      return { address, symbol, decimals };
    },
  });
  return data;
}
