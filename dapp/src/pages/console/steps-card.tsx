import type { GetAccountReturnType, GetBondReturnType, IndexedOperatorKey } from "@touchstone/sdk";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Amount } from "../../components/amount.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useWalletBalances } from "../../hooks/use-account.ts";
import { useNow } from "../../hooks/use-now.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { cn } from "../../lib/cn.ts";
import { AmountForm } from "./amount-form.tsx";
import { Command } from "./command.tsx";
import { OperatorForm } from "./operator-form.tsx";
import type { Parameters } from "./use-console.ts";

export interface StepsCardProps {
  readonly wallet: MarketWallet;
  readonly account: GetAccountReturnType;
  readonly bond: GetBondReturnType;
  readonly operators: readonly IndexedOperatorKey[];
  readonly hasCard: boolean;
  readonly parameters: Parameters;
}

interface Step {
  readonly name: string;
  readonly isDone: boolean;
  readonly isOptional?: boolean;
  readonly why: ReactNode;
  /** What does it; shown while it is the next step. */
  readonly form?: ReactNode;
}

/** The way to the first sale: what is done, and what is next. */
export function StepsCard(props: StepsCardProps) {
  const steps = useSteps(props);
  const next =
    steps.find(({ isDone, isOptional }) => !isDone && isOptional !== true) ?? steps.find(({ isDone }) => !isDone);
  return (
    <Card>
      <CardHeader
        title={next === undefined ? "You are a provider" : "Become a provider"}
        description="From a cold wallet: your node gets a key of its own, which can never move your money."
      />
      <ol className="grid gap-4">
        {steps.map((step, position) => (
          <StepItem key={step.name} step={step} number={position + 1} isNext={step === next} />
        ))}
      </ol>
    </Card>
  );
}

function useSteps(props: StepsCardProps): readonly Step[] {
  const now = useNow(5);
  const purse = useWalletBalances(props.account.account).data?.tokens;
  return [...moneySteps(props, purse), ...nodeSteps(props, now), bondStep(props)];
}

function moneySteps({ wallet, account, parameters }: StepsCardProps, purse: bigint | undefined): readonly Step[] {
  const { minStake } = parameters;
  const { balance, stake } = account;
  const lack = stake < minStake ? minStake - stake : 0n;
  return [
    {
      name: "Deposit",
      isDone: stake >= minStake || balance >= lack,
      why: (
        <>
          Bring at least <Amount value={minStake} /> into the market for the stake.
        </>
      ),
      form: (
        <AmountForm
          label="Deposit"
          action="Deposit"
          initial={lack > balance ? lack - balance : undefined}
          isPrimary
          max={purse}
          maxIs="what the wallet holds"
          hint={
            <>
              In your wallet: <Amount value={purse} />
            </>
          }
          run={(amount) => wallet.fundAccount({ amount })}
          done="deposited"
        />
      ),
    },
    {
      name: "Stake",
      isDone: stake >= minStake,
      why: (
        <>
          Yours, and answers for your jobs. The least is <Amount value={minStake} />.
        </>
      ),
      form: (
        <AmountForm
          label="Stake"
          action="Stake"
          initial={lack}
          min={lack}
          minIs="what is missing to the least stake"
          isFromBalance
          max={balance}
          isPrimary
          run={(amount) => wallet.stake({ amount })}
          done="staked"
        />
      ),
    },
  ];
}

function nodeSteps({ wallet, operators, hasCard }: StepsCardProps, now: number): readonly Step[] {
  return [
    {
      name: "Set the operator key",
      isDone: operators.some(({ validUntil }) => validUntil > now),
      why: (
        <>
          Run <Command>touchstone init</Command> on the machine of the node. It prints the address of a key; let that
          key act for you.
        </>
      ),
      form: <OperatorForm wallet={wallet} known={operators} />,
    },
    {
      name: "Start the node",
      isDone: hasCard,
      why: (
        <>
          Run <Command>touchstone start</Command>. The node publishes its card, and buyers find it.
        </>
      ),
    },
  ];
}

function bondStep({ wallet, account: { balance }, bond, parameters: { court } }: StepsCardProps): Step {
  return {
    name: "Post a live bond",
    isDone: bond.amount - bond.leaving >= court.minBond,
    isOptional: true,
    why: (
      <>
        Only to sell live calls beside jobs. The least is <Amount value={court.minBond} />.
      </>
    ),
    form: (
      <AmountForm
        label="Live bond"
        action="Post"
        isFromBalance
        max={balance}
        run={(amount) => wallet.postBond({ amount })}
        done="posted"
      />
    ),
  };
}

function StepItem({
  step,
  number,
  isNext,
}: {
  readonly step: Step;
  readonly number: number;
  readonly isNext: boolean;
}) {
  const { name, isDone, isOptional, why, form } = step;
  return (
    <li className="flex gap-3" aria-current={isNext ? "step" : undefined}>
      <span
        aria-hidden
        className={cn(
          "grid size-6 shrink-0 place-items-center rounded-full border text-xs",
          isDone && "border-good/40 text-good",
          isNext && "border-streak font-semibold text-gold",
        )}
      >
        {isDone ? <Check className="size-3.5" /> : number}
      </span>
      <div className="grid min-w-0 flex-1 gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h3 className="font-medium text-sm">{name}</h3>
          {isDone ? (
            <Badge tone="good">Done</Badge>
          ) : isNext ? (
            <Badge tone="gold">Next</Badge>
          ) : (
            isOptional && <Badge>Optional</Badge>
          )}
        </div>
        {!isDone && <p className="text-muted text-sm">{why}</p>}
        {isNext && form}
      </div>
    </li>
  );
}
