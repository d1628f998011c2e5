import type { GetAccountReturnType, IndexedProvider, MarketStats, ProviderStats } from "@touchstone/sdk";
import { Coins } from "lucide-react";
import { Amount } from "../../components/amount.tsx";
import { Chart } from "../../components/chart.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useNow } from "../../hooks/use-now.ts";
import { type Token, useToken } from "../../hooks/use-token.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { formatCount } from "../../lib/format.ts";
import { emptyMarketStats, fillBuckets, windowOf } from "../../lib/stats.ts";
import { AmountForm } from "./amount-form.tsx";
import { EARNINGS_DAYS, useEarnings } from "./use-console.ts";

export interface EarningsCardProps {
  readonly wallet: MarketWallet;
  readonly account: GetAccountReturnType;
  readonly provider: IndexedProvider | undefined;
}

/** What jobs brought in, and the way to take it out. */
export function EarningsCard({ wallet, account, provider }: EarningsCardProps) {
  const days = useEarnings(account.account);
  const token = useToken();
  return (
    <Card>
      <CardHeader
        title="Earnings"
        description="Of jobs on the chain. Live calls are paid into your payment channels, which the node collects."
      />
      <div className="grid grid-cols-1 gap-5">
        <Facts>
          <Fact name="Earned in all">
            <Amount value={provider?.earned ?? 0n} />
          </Fact>
          <Fact name="Balance in the market">
            <Amount value={account.balance} />
          </Fact>
          <Fact name="Market fees set aside">
            <Amount value={account.fees} />
          </Fact>
          <Fact name="Lost of stake and bond">
            <Amount value={provider?.slashed ?? 0n} />
          </Fact>
        </Facts>
        <QueryView query={days} what="The earnings">
          {(stats) => token !== undefined && <EarningsByDay stats={stats} token={token} />}
        </QueryView>
        <AmountForm
          label="Withdraw to your wallet"
          action="Withdraw"
          max={account.balance}
          maxIs="your balance in the market"
          hint="At once, to the connected account."
          run={(amount) => wallet.withdraw({ amount })}
          done="sent to your wallet"
        />
      </div>
    </Card>
  );
}

function EarningsByDay({ stats, token }: { readonly stats: readonly ProviderStats[]; readonly token: Token }) {
  const now = useNow(60);
  if (stats.length === 0) {
    return (
      <Empty icon={Coins} title={`Nothing earned in ${EARNINGS_DAYS} days`}>
        What settled jobs pay appears here, by day.
      </Empty>
    );
  }
  const window = windowOf(now, "day", EARNINGS_DAYS);
  const days = fillBuckets<MarketStats>(stats, { ...window, empty: emptyMarketStats });
  const paid = stats.reduce((sum, day) => sum + day.paid, 0n);
  const fees = stats.reduce((sum, day) => sum + day.fees, 0n);
  const settled = stats.reduce((sum, day) => sum + day.settled, 0);
  return (
    <Chart
      label={`Earned each day (UTC), in the last ${EARNINGS_DAYS} days`}
      points={days.map(({ timestamp, paid, fees }) => ({ at: timestamp, values: { paid, fees } }))}
      series={[
        { key: "paid", name: "To you" },
        { key: "fees", name: "Fees", tone: "muted" },
      ]}
      unit={token}
      summary={
        <>
          In {EARNINGS_DAYS} days {formatCount(settled)} {settled === 1 ? "job" : "jobs"} paid you{" "}
          <Amount value={paid} />, and <Amount value={fees} /> in fees.
        </>
      }
    />
  );
}
