import type { FundingStep } from "@touchstone/sdk";
import { type ReactNode, useState } from "react";
import { useMarketAccount, useWalletBalances } from "../../hooks/use-account.ts";
import { useAct } from "../../hooks/use-act.ts";
import { type Token, useToken } from "../../hooks/use-token.ts";
import { useWallet } from "../../hooks/use-wallet.ts";
import { readAmount, writeAmount } from "../../lib/amount-input.ts";
import { explain } from "../../lib/explain.ts";
import { stepWords } from "../../lib/funding-words.ts";
import { Amount } from "../amount.tsx";
import { Fact } from "../page.tsx";
import { RequireWallet } from "../require-wallet.tsx";
import { Loading } from "../states.tsx";
import { Alert } from "../ui/alert.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../ui/tabs.tsx";

export interface FundDialogProps {
  /** What to deposit, to begin with. Token units. */
  readonly amount: bigint | undefined;
  readonly onClose: () => void;
}

/** Moves tokens between the wallet and the market. */
export function FundDialog({ amount, onClose }: FundDialogProps) {
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Funds"
      description="Jobs are paid, and providers staked, from your balance in the market. What is free there can leave at any time."
    >
      <RequireWallet purpose="move funds">{() => <Funds amount={amount} onDone={onClose} />}</RequireWallet>
    </Dialog>
  );
}

function Funds({ amount, onDone }: { readonly amount: bigint | undefined; readonly onDone: () => void }) {
  const { address } = useWallet();
  const token = useToken();
  const { data: account } = useMarketAccount(address);
  const { data: balances } = useWalletBalances(address);
  if (token === undefined) {
    return <Loading rows={2} label="Reading balances" />;
  }
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-2 gap-4 rounded-lg bg-raised/60 p-3 text-sm">
        <Fact name="In your wallet">
          <Amount value={balances?.tokens} className="font-medium" />
        </Fact>
        <Fact name="In the market, free">
          <Amount value={account?.balance} className="font-medium" />
        </Fact>
      </dl>
      <Tabs defaultValue="deposit">
        <TabsList className="mb-4">
          <TabsTrigger value="deposit">Deposit</TabsTrigger>
          <TabsTrigger value="withdraw">Withdraw</TabsTrigger>
        </TabsList>
        <TabsContent value="deposit">
          <DepositForm {...{ token, onDone, amount }} most={balances?.tokens} />
        </TabsContent>
        <TabsContent value="withdraw">
          <WithdrawForm {...{ token, onDone }} most={account?.balance} />
        </TabsContent>
      </Tabs>
    </div>
  );
}

interface FormProps {
  readonly token: Token;
  /** What there is to move. Token units. */
  readonly most: bigint | undefined;
  /** What the field begins with. Token units. */
  readonly amount?: bigint | undefined;
  readonly onDone: () => void;
}

function DepositForm({ token, most, amount, onDone }: FormProps) {
  const { wallet } = useWallet();
  const [step, setStep] = useState<FundingStep>();
  const deposit = useAct({
    name: "Deposit",
    run: async (amount: bigint) => {
      setStep(undefined);
      return await wallet?.fundAccount({ amount, onStep: setStep });
    },
    done: "The deposit is in the market.",
    onDone,
  });
  return (
    <MoveForm {...{ token, most, amount }} act={deposit} name="Deposit" mostIs="what your wallet has">
      <p aria-live="polite" className="min-h-10 text-muted text-sm">
        {deposit.isPending
          ? stepWords(step)
          : "One confirmation where your wallet can send calls together or allowed it before, else two."}
      </p>
    </MoveForm>
  );
}

function WithdrawForm({ token, most, onDone }: FormProps) {
  const { wallet } = useWallet();
  const withdraw = useAct({
    name: "Withdraw",
    run: async (amount: bigint) => await wallet?.withdraw({ amount }),
    done: "The tokens are in your wallet.",
    onDone,
  });
  return (
    <MoveForm {...{ token, most }} act={withdraw} name="Withdraw" mostIs="your free balance">
      <p aria-live="polite" className="min-h-10 text-muted text-sm">
        {withdraw.isPending
          ? "Confirm in your wallet, then wait for the block."
          : "One confirmation; it arrives at once."}
      </p>
    </MoveForm>
  );
}

interface MoveFormProps extends Pick<FormProps, "token" | "most" | "amount"> {
  readonly act: {
    readonly mutate: (amount: bigint) => void;
    readonly isPending: boolean;
    readonly error: unknown;
  };
  readonly name: string;
  readonly mostIs: string;
  readonly children: ReactNode;
}

function MoveForm({ token, most, amount, act, name, mostIs, children }: MoveFormProps) {
  const [text, setText] = useState(amount === undefined ? "" : writeAmount(amount, token.decimals));
  const read = readAmount(text, { ...token, max: most, maxIs: mostIs });
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        read.value !== undefined && act.mutate(read.value);
      }}
    >
      <div className="flex items-start gap-2">
        <Field label={`Amount (${token.symbol})`} error={text === "" ? undefined : read.error} className="flex-1">
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              autoComplete="off"
              value={text}
              disabled={act.isPending}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Button
          className="mt-[1.6rem]"
          disabled={most === undefined || most === 0n || act.isPending}
          onClick={() => setText(writeAmount(most ?? 0n, token.decimals))}
        >
          All
        </Button>
      </div>
      {children}
      {act.error !== null && (
        <Alert tone="bad" title={explain(act.error).title}>
          {explain(act.error).sentence}
        </Alert>
      )}
      <Button type="submit" variant="primary" isBusy={act.isPending} disabled={read.value === undefined}>
        {name}
      </Button>
    </form>
  );
}
