import type { GetAccountReturnType } from "@touchstone/sdk";
import { Amount } from "../../components/amount.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { formatDuration, formatPercent } from "../../lib/format.ts";
import { freeStake } from "../../lib/stake.ts";
import { AmountForm } from "./amount-form.tsx";
import type { Parameters } from "./use-console.ts";
import { WithdrawButton } from "./withdraw-button.tsx";

const BASIS_POINTS = 10_000;

export interface StakeCardProps {
  readonly wallet: MarketWallet;
  readonly account: GetAccountReturnType;
  readonly parameters: Parameters;
}

/** What answers for jobs: put more down, ask some back, take it out once its time is over. */
export function StakeCard({ wallet, account, parameters }: StakeCardProps) {
  const { balance, stake, exposure, unbonding } = account;
  const { minStake, exposureShare, unbondingPeriod } = parameters;
  const free = freeStake({ stake, exposure, minStake, exposureShare });
  const lack = stake < minStake ? minStake - stake : undefined;
  return (
    <Card>
      <CardHeader
        title="Stake"
        description={`It answers for your jobs. Jobs under way may cost up to ${formatPercent(exposureShare / BASIS_POINTS)} of it together.`}
      />
      <div className="grid grid-cols-1 gap-5">
        <StakeFacts account={account} />
        <div className="grid gap-4 lg:grid-cols-2">
          <AmountForm
            key={String(lack)}
            label="Stake more"
            action="Stake"
            min={lack}
            minIs="what is missing to the least stake"
            isFromBalance
            max={balance}
            hint={
              <>
                From your balance in the market: <Amount value={balance} />
              </>
            }
            run={(amount) => wallet.stake({ amount })}
            done="staked"
          />
          <AmountForm
            label="Ask stake back"
            action="Unstake"
            max={free}
            maxIs="what work under way leaves free"
            hint={
              <>
                Free: <Amount value={free} />. It can be withdrawn after {formatDuration(unbondingPeriod)}, and can be
                lost until then.
              </>
            }
            run={(amount) => wallet.requestUnstake({ amount })}
            done="asked back"
          />
        </div>
        {stake > 0n && lack !== undefined && <TooLittle minStake={minStake} lack={lack} />}
        {unbonding.amount > 0n && (
          <WithdrawButton
            what="Stake"
            amount={unbonding.amount}
            at={Number(unbonding.withdrawableAt)}
            run={() => wallet.withdrawStake({})}
            note="Asking more back starts the time anew for all of it."
          />
        )}
      </div>
    </Card>
  );
}

function StakeFacts({ account }: { readonly account: GetAccountReturnType }) {
  const { stake, exposure, capacity, unbonding } = account;
  return (
    <Facts>
      <Fact name="Staked">
        <Amount value={stake} />
      </Fact>
      <Fact name="Jobs under way">
        <Amount value={exposure} />
      </Fact>
      <Fact name="Room for more jobs">
        <Amount value={capacity} />
      </Fact>
      <Fact name="On its way back">
        <Amount value={unbonding.amount} />
      </Fact>
    </Facts>
  );
}

function TooLittle({ minStake, lack }: { readonly minStake: bigint; readonly lack: bigint }) {
  return (
    <Alert tone="warn" title="Too little stake for new jobs">
      The least is <Amount value={minStake} />. Stake <Amount value={lack} /> more to take jobs again.
    </Alert>
  );
}
