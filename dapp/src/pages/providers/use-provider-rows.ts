import { useQuery } from "@tanstack/react-query";
import { useIndex } from "../../hooks/use-index.ts";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { useModels } from "../../hooks/use-statistics.ts";
import { type ProviderRow, providerRows } from "../../lib/provider-rows.ts";
import { useNetwork } from "../../network/network-context.tsx";
import { useUptime } from "./use-uptime.ts";

const REFRESH_MS = 10_000;

/** Every provider that the chain knows, with its card once that is read. Prices are of `model` where it is sold. */
export function useProviderRows(model?: string) {
  const { market } = useNetwork();
  const index = useIndex();
  const cards = useListedProviders();
  const models = useModels();
  const uptime = useUptime();
  const records = useQuery({
    queryKey: ["providers", market],
    refetchInterval: REFRESH_MS,
    queryFn: () => index.providers(),
  });
  const verified = new Set<string>(models.data?.flatMap((one) => (one.verified ? [one.id] : [])));
  const rows: readonly ProviderRow[] | undefined =
    records.data && providerRows({ indexed: records.data, listed: cards.data, verified, uptime, model });
  const { error, isPending, refetch } = records;
  return { query: { data: rows, error, isPending, refetch }, cards };
}
