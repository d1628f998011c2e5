import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { Page } from "../../components/page.tsx";
import { RequireWallet } from "../../components/require-wallet.tsx";
import { QueryView } from "../../components/states.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../../components/ui/tabs.tsx";
import { useMarketAccount } from "../../hooks/use-account.ts";
import { type MarketWallet, useWallet } from "../../hooks/use-wallet.ts";
import { EarningsCard } from "./earnings-card.tsx";
import { ForecastCard } from "./forecast-card.tsx";
import { NodeCard } from "./node-card.tsx";
import { OperatorsCard } from "./operators-card.tsx";
import { SeatTab } from "./seat-tab.tsx";
import { StakeTab } from "./stake-tab.tsx";
import { StartTab } from "./start-tab.tsx";
import { useHistory } from "./use-console.ts";

/** For who provides, or thinks of it: with the cold wallet that owns the stake. */
export function ConsolePage() {
  const { wallet } = useWallet();
  return (
    <Page
      title="Provider console"
      description="Sell what your machine computes: stake, keys, prices and earnings in one place."
    >
      <RequireWallet purpose="run a provider">
        {(connected) => <Console key={connected.account.address} wallet={connected} />}
      </RequireWallet>
      {wallet === undefined && <ForecastCard />}
    </Page>
  );
}

const TABS = [
  ["start", "Start"],
  ["earnings", "Earnings"],
  ["stake", "Stake and bond"],
  ["node", "Node"],
  ["keys", "Operator keys"],
  ["seat", "Seat"],
  ["forecast", "Forecast"],
] as const;

function Console({ wallet }: { readonly wallet: MarketWallet }) {
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("tab");
  const tab = TABS.find(([name]) => name === wanted)?.[0] ?? "start";
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone not all of them fit.
    list.current?.querySelector(`[id$="trigger-${tab}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [tab]);
  return (
    <Tabs
      value={tab}
      onValueChange={(name) => setSearch({ tab: name }, { replace: true })}
      className="grid min-w-0 grid-cols-1 gap-5"
    >
      <TabsList ref={list} aria-label="Provider console">
        {TABS.map(([name, title]) => (
          <TabsTrigger key={name} value={name} className="focus-visible:-outline-offset-2">
            {title}
          </TabsTrigger>
        ))}
      </TabsList>
      <TabsContent value="start">
        <StartTab wallet={wallet} />
      </TabsContent>
      <TabsContent value="stake">
        <StakeTab wallet={wallet} />
      </TabsContent>
      <TabsContent value="node">
        <NodeCard wallet={wallet} />
      </TabsContent>
      <TabsContent value="seat">
        <SeatTab wallet={wallet} />
      </TabsContent>
      <TabsContent value="forecast">
        <ForecastCard />
      </TabsContent>
      <HistoryTabs wallet={wallet} />
    </Tabs>
  );
}

/** Tabs that need what happened so far. */
function HistoryTabs({ wallet }: { readonly wallet: MarketWallet }) {
  const { address } = wallet.account;
  const account = useMarketAccount(address);
  const history = useHistory(address);
  return (
    <>
      <TabsContent value="earnings">
        <QueryView query={account} what="Your account">
          {(held) => <EarningsCard wallet={wallet} account={held} provider={history.data?.provider} />}
        </QueryView>
      </TabsContent>
      <TabsContent value="keys">
        <QueryView query={history} what="Your operator keys">
          {({ operators }) => <OperatorsCard wallet={wallet} operators={operators} />}
        </QueryView>
      </TabsContent>
    </>
  );
}
