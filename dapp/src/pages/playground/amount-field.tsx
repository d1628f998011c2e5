import { useState } from "react";
import { Field } from "../../components/ui/field.tsx";
import { Input } from "../../components/ui/input.tsx";
import { useToken } from "../../hooks/use-token.ts";
import { readAmount, writeAmount } from "../../lib/amount-input.ts";

export interface AmountFieldProps {
  readonly label: string;
  readonly hint: string;
  /** What stands for an empty field. */
  readonly placeholder: string;
  /** Token units. */
  readonly value: bigint | undefined;
  readonly onChange: (value: bigint | undefined) => void;
  readonly isDisabled: boolean;
}

/** An amount that may be left empty. It is taken over when the field is left, so that half a number never counts. */
export function AmountField({ label, hint, placeholder, value, onChange, isDisabled }: AmountFieldProps) {
  const token = useToken();
  const [text, setText] = useState<string>();
  if (token === undefined) {
    return null;
  }
  const shown = text ?? (value === undefined ? "" : writeAmount(value, token.decimals));
  const read = shown.trim() === "" ? undefined : readAmount(shown, token);
  const leave = () => {
    if (text !== undefined && read?.error === undefined) {
      onChange(read?.value);
      setText(undefined);
    }
  };
  return (
    <Field label={`${label} (${token.symbol})`} hint={hint} error={read?.error}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          placeholder={placeholder}
          value={shown}
          disabled={isDisabled}
          onChange={(event) => setText(event.target.value)}
          onBlur={leave}
          onKeyDown={(event) => event.key === "Enter" && leave()}
        />
      )}
    </Field>
  );
}
