import { useQuery } from "@tanstack/react-query";
import { emptyMarketStats, fillBuckets, type Interval, windowOf } from "../lib/stats.ts";
import { useNetwork } from "../network/network-context.tsx";
import { useIndex } from "./use-index.ts";

const REFRESH_MS = 10_000;

/** Sums of the whole market up to now. */
export function useMarketTotals() {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({ queryKey: ["market", market], refetchInterval: REFRESH_MS, queryFn: () => index.market() });
}

/** So many hours or days up to now: jobs and money, slashes, cases. */
export function useHistory(interval: Interval, count: number) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["history", market, interval, count],
    refetchInterval: REFRESH_MS,
    queryFn: async () => {
      const window = windowOf(Math.floor(Date.now() / 1_000), interval, count);
      const query = { interval, from: window.from };
      const [jobs, slashes, cases] = await Promise.all([
        index.marketStats(query),
        index.slashStats(query),
        index.caseStats(query),
      ]);
      return {
        jobs: fillBuckets(jobs, { ...window, empty: emptyMarketStats }),
        slashes: fillBuckets(slashes, { ...window, empty: (timestamp) => ({ timestamp, amount: 0n, burned: 0n }) }),
        cases: fillBuckets(cases, {
          ...window,
          empty: (timestamp) => ({ timestamp, opened: 0, closed: 0, convictions: 0 }),
        }),
      };
    },
  });
}

/** Which models are bought, and who judges them. */
export function useModels() {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({ queryKey: ["models", market], refetchInterval: REFRESH_MS, queryFn: () => index.models() });
}
