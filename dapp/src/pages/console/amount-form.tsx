import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input } from "../../components/ui/input.tsx";
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
  run,
  done,
  token,
  ...bounds
}: AmountFormProps & { token: Token }) {
  const { decimals, symbol } = token;
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
    <form onSubmit={submit} noValidate className="flex max-w-md items-start gap-2">
      <Field
        label={`${label} (${symbol})`}
        hint={hint}
        error={isChecked || text !== "" ? read.error : undefined}
        className="flex-1"
      >
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
  );
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
