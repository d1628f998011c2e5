import type { IndexedOperatorKey } from "@touchstone/sdk";
import { type FormEvent, useState } from "react";
import { type Address, isAddress, isAddressEqual } from "viem";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input, Select } from "../../components/ui/input.tsx";
import { useAct } from "../../hooks/use-act.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { Command } from "./command.tsx";

const DAY = 86_400;
const TERMS = [30, 90, 180, 365] as const;

export interface OperatorFormProps {
  readonly wallet: MarketWallet;
  readonly known: readonly IndexedOperatorKey[];
}

/** Lets a key act for the account for some time. */
export function OperatorForm({ wallet, known }: OperatorFormProps) {
  const [text, setText] = useState("");
  const [days, setDays] = useState(90);
  const [isChecked, setChecked] = useState(false);
  const error = faultOf(text.trim(), wallet.account.address, known);
  const act = useAct({
    name: "Set operator",
    run: (operator: Address) =>
      wallet.setOperator({ operator, validUntil: Math.floor(Date.now() / 1_000) + days * DAY }),
    done: `The key acts for you for ${days} days.`,
    onDone: () => {
      setText("");
      setChecked(false);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (error === undefined) {
      act.mutate(text.trim() as Address);
    }
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid grid-cols-1 items-start gap-3 sm:grid-cols-[minmax(0,1fr)_auto_auto]"
    >
      <Field
        label="Address of the key"
        hint={
          <>
            As <Command>touchstone init</Command> prints it.
          </>
        }
        error={isChecked || text !== "" ? error : undefined}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            placeholder="0x…"
            className="font-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <TermField days={days} onDays={setDays} />
      <Button type="submit" isBusy={act.isPending} className="sm:mt-6.5">
        Add key
      </Button>
    </form>
  );
}

/** Why an address cannot be an operator; the market refuses the same. */
function faultOf(text: string, owner: Address, known: readonly IndexedOperatorKey[]): string | undefined {
  if (!isAddress(text)) {
    return "Type an address: 0x and 40 digits, with its capitals as they were printed.";
  }
  if (isAddressEqual(text, owner)) {
    return "This is your own account. The node needs a key of its own, so that yours stays cold.";
  }
  const earlier = known.find(({ operator }) => isAddressEqual(operator, text));
  if (earlier !== undefined && earlier.validUntil <= Date.now() / 1_000) {
    return "This key has ended, for good. Make a new one with touchstone init.";
  }
  return undefined;
}

function TermField({ days, onDays }: { readonly days: number; readonly onDays: (days: number) => void }) {
  return (
    <Field label="Valid for">
      {(control) => (
        <Select {...control} value={days} onChange={(event) => onDays(Number(event.target.value))}>
          {TERMS.map((term) => (
            <option key={term} value={term}>
              {term} days
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
