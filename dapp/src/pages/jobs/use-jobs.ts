import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import { useIndex } from "../../hooks/use-index.ts";
import { useNetwork } from "../../network/network-context.tsx";

const REFRESH_MS = 5_000;

/** The newest jobs of a client, or of the whole market. */
export function useJobs(client: Address | undefined, first: number) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["jobs", market, client, first],
    refetchInterval: REFRESH_MS,
    placeholderData: (before, query) => (query?.queryKey[2] === client ? before : undefined),
    queryFn: () => index.jobs({ client, first }),
  });
}
