import { useQuery } from "@tanstack/react-query";
import type { CaseQuery } from "@touchstone/sdk";
import type { Hex } from "viem";
import { useNetwork } from "../network/network-context.tsx";
import { useIndex } from "./use-index.ts";
import { useMarket } from "./use-market.ts";

const REFRESH_MS = 8_000;

/** Cases, newest first. */
export function useCases(query: CaseQuery) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["cases", market, query],
    refetchInterval: REFRESH_MS,
    queryFn: () => index.cases(query),
  });
}

/** A case with its seats and steps; null where there is none of this id. */
export function useCase(id: Hex) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["case", market, id],
    refetchInterval: REFRESH_MS,
    queryFn: async () => (await index.case(id)) ?? null,
  });
}

/** By what the seats of a model's panel judge. */
export function usePanel(model: Hex | undefined) {
  const { market } = useNetwork();
  const client = useMarket();
  return useQuery({
    queryKey: ["panel", market, model],
    enabled: model !== undefined,
    staleTime: 60_000,
    queryFn: () => client.getPanel({ model: model as Hex }),
  });
}
