import type { GetBondReturnType } from "@touchstone/sdk";
import { Amount } from "../../components/amount.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { AmountForm } from "./amount-form.tsx";
import type { Parameters } from "./use-console.ts";
import { WithdrawButton } from "./withdraw-button.tsx";

export interface BondCardProps {
  readonly wallet: MarketWallet;
  readonly balance: bigint;
  readonly bond: GetBondReturnType;
  readonly parameters: Parameters;
}

/** What answers for live calls. */
export function BondCard({ wallet, balance, bond, parameters }: BondCardProps) {
  const { minBond, bondDelay } = parameters.court;
  const counts = bond.amount - bond.leaving;
  const lack = counts < minBond ? minBond - counts : undefined;
  return (
    <Card>
      <CardHeader
        title="Live bond"
        description="It answers for the receipts of live calls. Buyers ask for a thousand times what a call may cost. Without one you sell jobs only."
      />
      <div className="grid grid-cols-1 gap-5">
        <BondFacts counts={counts} minBond={minBond} bond={bond} />
        <div className="grid gap-4 lg:grid-cols-2">
          <AmountForm
            label="Post bond"
            action="Post"
            isFromBalance
            max={balance}
            hint={
              lack === undefined ? (
                <>
                  From your balance in the market: <Amount value={balance} />
                </>
              ) : (
                <>
                  Buyers count on it from the least bond on: <Amount value={lack} /> to go.
                </>
              )
            }
            run={(amount) => wallet.postBond({ amount })}
            done="posted"
          />
          <AmountForm
            label="Ask bond back"
            action="Exit"
            max={counts}
            maxIs="what is not on its way back yet"
            hint={`It can be withdrawn after ${formatDuration(bondDelay)}, and can be lost until then.`}
            run={(amount) => wallet.requestBondExit({ amount })}
            done="asked back"
          />
        </div>
        {bond.leaving > 0n && (
          <WithdrawButton
            what="Bond"
            amount={bond.leaving}
            at={bond.withdrawableAt}
            hindrance={
              bond.openCases > 0 ? "A case about one of your receipts is open. It has to end first." : undefined
            }
            note="Asking more back starts the time anew for all of it."
            run={() => wallet.withdrawBond()}
          />
        )}
      </div>
    </Card>
  );
}

function BondFacts({
  counts,
  minBond,
  bond,
}: {
  readonly counts: bigint;
  readonly minBond: bigint;
  readonly bond: GetBondReturnType;
}) {
  return (
    <Facts>
      <Fact name="Counts for buyers">
        <Amount value={counts} />
      </Fact>
      <Fact name="Least bond">
        <Amount value={minBond} />
      </Fact>
      <Fact name="On its way back">
        <Amount value={bond.leaving} />
      </Fact>
      <Fact name="Open cases about receipts">{formatCount(bond.openCases)}</Fact>
    </Facts>
  );
}
