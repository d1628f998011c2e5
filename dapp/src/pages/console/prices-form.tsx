import { type NodeTerms, type Pricing, pricesFromWire } from "@touchstone/sdk/protocol";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input } from "../../components/ui/input.tsx";
import { type Token, useToken } from "../../hooks/use-token.ts";
import { readAmount, writeAmount } from "../../lib/amount-input.ts";
import { formatAmount } from "../../lib/format.ts";

const FIELDS = [
  { key: "pricePerMillionInputTokens", label: "A million tokens read" },
  { key: "pricePerMillionOutputTokens", label: "A million tokens written" },
  { key: "pricePerItem", label: "Each request" },
] as const;

export interface PricesFormProps {
  readonly terms: NodeTerms;
  readonly isBusy: boolean;
  readonly onSet: (prices: Pricing) => void;
  readonly onReset: () => void;
}

/** What the node asks, in whole tokens. */
export function PricesForm(props: PricesFormProps) {
  const token = useToken();
  return token === undefined ? null : <TokenPrices {...props} token={token} />;
}

function TokenPrices({ terms, isBusy, onSet, onReset, token }: PricesFormProps & { readonly token: Token }) {
  const { decimals, symbol } = token;
  const inForce = pricesFromWire(terms.prices);
  const ofSettings = pricesFromWire(terms.settingsPrices);
  const [texts, setTexts] = useState(() => FIELDS.map(({ key }) => writeAmount(inForce[key], decimals)));
  const read = texts.map((text) => readAmount(text, { decimals, symbol, min: 0n }));
  const isChanged = FIELDS.some(({ key }, field) => read[field]?.value !== inForce[key]);
  const isOwn = FIELDS.some(({ key }) => inForce[key] !== ofSettings[key]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [pricePerMillionInputTokens, pricePerMillionOutputTokens, pricePerItem] = read.map(({ value }) => value);
    if (
      pricePerMillionInputTokens !== undefined &&
      pricePerMillionOutputTokens !== undefined &&
      pricePerItem !== undefined
    ) {
      onSet({ pricePerMillionInputTokens, pricePerMillionOutputTokens, pricePerItem });
    }
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-3">
        {FIELDS.map(({ key, label }, field) => (
          <Field
            key={key}
            label={`${label} (${symbol})`}
            hint={`In the settings: ${formatAmount(ofSettings[key], decimals, decimals)}`}
            error={read[field]?.error}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                autoComplete="off"
                value={texts[field] ?? ""}
                onChange={({ target }) => setTexts((before) => before.with(field, target.value))}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="text-muted text-xs">They hold for new jobs and calls. What was accepted keeps its price.</p>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={!isChanged || read.some(({ error }) => error !== undefined)} isBusy={isBusy}>
          Sign and set prices
        </Button>
        {isOwn && (
          <Button variant="ghost" isBusy={isBusy} onClick={onReset}>
            Back to the settings' prices
          </Button>
        )}
      </div>
    </form>
  );
}
