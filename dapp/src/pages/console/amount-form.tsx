import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input } from "../../components/ui/input.tsx";
import { FundButton } from "../../components/wallet/fund-button.tsx";
import { useAct } from "../../hooks/use-act.ts";
import { type Token, useToken } from "../../hooks/use-token.ts";
import { type AmountLimits, readAmount, writeAmount } from "../../lib/amount-input.ts";
import { formatAmount } from "../../lib/format.ts";

export interface AmountFormProps extends Omit<AmountLimits, "decimals" | "symbol"> {
  readonly label: string;
  /** On the button, and in the notices. */
  readonly action: string;
  readonly hint?: ReactNode;
  /** What is offered at first, token units. */
  readonly initial?: bigint | undefined;
  readonly isPrimary?: boolean;
  /** `max` is the free balance in the market: more can be brought into it. */
  readonly isFromBalance?: boolean;
  readonly run: (amount: bigint) => Promise<unknown>;
  /** After the amount: "12 USDC staked". */
  readonly done: string;
}

/** An amount and the button that does something with it. Its limits are checked before the wallet is asked. */
export function AmountForm(props: AmountFormProps) {
  const token = useToken();
  return token === undefined ? null : <TokenForm {...props} token={token} />;
}

function TokenForm({
  label,
  action,
  hint,
  initial,
  isPrimary,
  isFromBalance = false,
  run,
  done,
  token,
  ...given
}: AmountFormProps & { token: Token }) {
  const { decimals, symbol } = token;
  const bounds = isFromBalance ? { ...given, maxIs: "your balance in the market" } : given;
  const [text, setText] = useState(initial === undefined ? "" : writeAmount(initial, decimals));
  const [isChecked, setChecked] = useState(false);
  const read = readAmount(text, { ...bounds, decimals, symbol });
  const act = useAct({
    name: action,
    run,
    done: (_, amount: bigint) => `${formatAmount(amount, decimals)} ${symbol} ${done}.`,
    onDone: () => {
      setText("");
      setChecked(false);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (read.value !== undefined) {
      act.mutate(read.value);
    }
  };
  const { max } = bounds;
  return (
    <div className="grid max-w-md content-start justify-items-start gap-2">
      <form onSubmit={submit} noValidate className="w-full">
        <Field label={`${label} (${symbol})`} hint={hint} error={isChecked || text !== "" ? read.error : undefined}>
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                inputMode="decimal"
                autoComplete="off"
                placeholder="0"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              <AllButton label={label} max={max} onPress={(all) => setText(writeAmount(all, decimals))} />
              <Button type="submit" variant={isPrimary ? "primary" : "outline"} isBusy={act.isPending}>
                {action}
              </Button>
            </div>
          )}
        </Field>
      </form>
      {isFromBalance && <AddFunds wanted={readAmount(text, token).value} balance={max} />}
    </div>
  );
}

/** Brings what is missing into the market. Beside the form, not in it: the dialog has a form of its own. */
function AddFunds({ wanted = 0n, balance = 0n }: { wanted: bigint | undefined; balance: bigint | undefined }) {
  return wanted > balance && <FundButton amount={wanted - balance}>Add what is missing</FundButton>;
}

function AllButton({
  label,
  max = 0n,
  onPress,
}: {
  label: string;
  max?: bigint | undefined;
  onPress: (max: bigint) => void;
}) {
  return (
    max > 0n && (
      <Button variant="ghost" onClick={() => onPress(max)} aria-label={`${label}: all`}>
        All
      </Button>
    )
  );
}
