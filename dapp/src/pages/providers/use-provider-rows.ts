import { useQuery } from "@tanstack/react-query";
import { useIndex } from "../../hooks/use-index.ts";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { useModels } from "../../hooks/use-statistics.ts";
import { providerRows } from "../../lib/provider-rows.ts";
import { useNetwork } from "../../network/network-context.tsx";
import { useUptime } from "./use-uptime.ts";

const REFRESH_MS = 10_000;

/** As much of a query as tells whether it is over. */
interface Reading {
  readonly data: unknown;
  readonly error: Error | null;
}

const isOver = ({ data, error }: Reading) => data !== undefined || error !== null;

/**
 * Every provider that cards or the index tell of: each as soon as it is there, and in spite of the other's failure. Prices are of
 * `model` where it is sold.
 */
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
  const rows = providerRows({ indexed: records.data, listed: cards.data, verified, uptime, model });
  const areBothOver = isOver(records) && isOver(cards);
  const hasAny = records.data !== undefined || cards.data !== undefined;
  const query = {
    data: hasAny && (rows.length > 0 || areBothOver) ? rows : undefined,
    error: areBothOver && !hasAny ? records.error : null,
    isPending: !areBothOver,
    refetch: () => Promise.all([records.refetch(), cards.refetch()]),
  };
  return { query, cards, records };
}
