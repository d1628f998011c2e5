import { useState } from "react";
import { Page } from "../../components/page.tsx";
import { QueryView } from "../../components/states.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../../components/ui/tabs.tsx";
import { useHistory, useMarketTotals } from "../../hooks/use-statistics.ts";
import type { Interval } from "../../lib/stats.ts";
import { HistoryCharts } from "./history-charts.tsx";
import { IndexFacts } from "./index-facts.tsx";
import { ModelTable } from "./model-table.tsx";
import { Totals } from "./totals.tsx";

const WINDOWS = {
  day: { name: "24 hours", interval: "hour", count: 24 },
  month: { name: "30 days", interval: "day", count: 30 },
} as const satisfies Record<string, { name: string; interval: Interval; count: number }>;

/** How the market as a whole is doing. */
export function NetworkPage() {
  const totals = useMarketTotals();
  const [shown, setShown] = useState<string>("day");
  return (
    <Page
      title="Network"
      description="The market as a whole: what is bought, at which price, and how often somebody is caught."
    >
      <QueryView query={totals} what="The sums of the market" rows={2}>
        {(market) => <Totals market={market} />}
      </QueryView>
      <Tabs value={shown} onValueChange={setShown}>
        <TabsList aria-label="How far back">
          {Object.entries(WINDOWS).map(([key, { name }]) => (
            <TabsTrigger key={key} value={key}>
              {name}
            </TabsTrigger>
          ))}
        </TabsList>
        {Object.entries(WINDOWS).map(([key, window]) => (
          <TabsContent key={key} value={key} className="pt-4">
            <HistoryView {...window} />
          </TabsContent>
        ))}
      </Tabs>
      <ModelTable />
      <IndexFacts />
    </Page>
  );
}

function HistoryView({ interval, count }: { readonly interval: Interval; readonly count: number }) {
  const history = useHistory(interval, count);
  return (
    <QueryView query={history} what="The history of the market" rows={5}>
      {(data) => <HistoryCharts history={data} interval={interval} />}
    </QueryView>
  );
}
