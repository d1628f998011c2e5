import { useQuery } from "@tanstack/react-query";
import { useNetwork } from "../network/network-context.tsx";
import { useIndex } from "./use-index.ts";

const REFRESH_MS = 10_000;

/** Up to where the market's history is known, and by which source. */
export function useIndexStatus() {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({ queryKey: ["index-status", market], refetchInterval: REFRESH_MS, queryFn: () => index.status() });
}
