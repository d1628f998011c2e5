import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import { Amount } from "../../components/amount.tsx";
import { Chart } from "../../components/chart.tsx";
import { QueryView } from "../../components/states.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useIndex } from "../../hooks/use-index.ts";
import { useToken } from "../../hooks/use-token.ts";
import { emptyMarketStats, fillBuckets, windowOf } from "../../lib/stats.ts";
import { useNetwork } from "../../network/network-context.tsx";

const DAYS = 30;

/** What settled jobs paid a provider, day by day. */
export function EarningsCard({ provider }: { readonly provider: Address }) {
  const { market } = useNetwork();
  const index = useIndex();
  const token = useToken();
  const query = useQuery({
    queryKey: ["provider-stats", market, provider],
    refetchInterval: 10_000,
    queryFn: async () => {
      const window = windowOf(Math.floor(Date.now() / 1_000), "day", DAYS);
      const stats = await index.providerStats({ provider, interval: "day", from: window.from });
      const empty = (timestamp: number) => ({ ...emptyMarketStats(timestamp), provider });
      return fillBuckets(stats, { ...window, empty });
    },
  });
  return (
    <Card>
      <CardHeader title="Earnings from jobs" />
      <QueryView query={query} what="The earnings">
        {(days) => (
          <Chart
            label={`Paid for jobs each day (UTC), in the last ${DAYS} days`}
            points={days.map(({ timestamp, paid }) => ({ at: timestamp, values: { paid } }))}
            series={[{ key: "paid", name: "Paid" }]}
            unit={token}
            summary={
              <>
                In all <Amount value={days.reduce((sum, { paid }) => sum + paid, 0n)} digits={token?.decimals} />
              </>
            }
          />
        )}
      </QueryView>
    </Card>
  );
}
