import type { GetAccountReturnType, IndexedProvider, ProviderStats } from "@touchstone/sdk";
import { Coins } from "lucide-react";
import { Amount } from "../../components/amount.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Table, Td, Th, Tr } from "../../components/ui/table.tsx";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { formatCount } from "../../lib/format.ts";
import { AmountForm } from "./amount-form.tsx";
import { useEarnings } from "./use-console.ts";

/** Days in the table, newest first. */
const SHOWN_DAYS = 14;

export interface EarningsCardProps {
  readonly wallet: MarketWallet;
  readonly account: GetAccountReturnType;
  readonly provider: IndexedProvider | undefined;
}

/** What jobs brought in, and the way to take it out. */
export function EarningsCard({ wallet, account, provider }: EarningsCardProps) {
  const days = useEarnings(account.account);
  return (
    <Card>
      <CardHeader
        title="Earnings"
        description="Of jobs on the chain. Live calls are paid into your payment channels, which the node collects."
      />
      <div className="grid gap-5">
        <Facts>
          <Fact name="Earned in all">
            <Amount value={provider?.earned ?? 0n} />
          </Fact>
          <Fact name="Balance in the market">
            <Amount value={account.balance} />
          </Fact>
          <Fact name="Fees kept for the pool">
            <Amount value={account.fees} />
          </Fact>
          <Fact name="Lost of stake and bond">
            <Amount value={provider?.slashed ?? 0n} />
          </Fact>
        </Facts>
        <QueryView query={days} what="The earnings">
          {(stats) => <EarningsByDay stats={stats} />}
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

function EarningsByDay({ stats }: { readonly stats: readonly ProviderStats[] }) {
  if (stats.length === 0) {
    return (
      <Empty icon={Coins} title="Nothing earned yet">
        What settled jobs pay appears here, by day.
      </Empty>
    );
  }
  return (
    <Table label="Earnings by day">
      <thead>
        <tr>
          <Th>Day (UTC)</Th>
          <Th className="text-right">Jobs paid</Th>
          <Th className="text-right">Given back</Th>
          <Th className="text-right">Fees</Th>
          <Th className="text-right">Earned</Th>
        </tr>
      </thead>
      <tbody>
        {stats
          .slice(-SHOWN_DAYS)
          .toReversed()
          .map((day) => (
            <Tr key={day.timestamp}>
              <Td>{new Date(day.timestamp * 1_000).toISOString().slice(0, 10)}</Td>
              <Td className="text-right">{formatCount(day.settled)}</Td>
              <Td className="text-right">{formatCount(day.refunded)}</Td>
              <Td className="text-right">
                <Amount value={day.fees} />
              </Td>
              <Td className="text-right">
                <Amount value={day.paid} />
              </Td>
            </Tr>
          ))}
      </tbody>
    </Table>
  );
}
