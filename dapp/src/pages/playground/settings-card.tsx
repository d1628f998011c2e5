import { Amount } from "../../components/amount.tsx";
import { Card } from "../../components/ui/card.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Select } from "../../components/ui/input.tsx";
import { Switch } from "../../components/ui/switch.tsx";
import { shorten } from "../../lib/format.ts";
import type { LiveOffer } from "../../lib/live-offers.ts";
import type { LiveSettings, Preference } from "../../lib/live-settings.ts";
import { AmountField } from "./amount-field.tsx";

export interface SettingsCardProps {
  readonly settings: LiveSettings;
  readonly change: (change: Partial<LiveSettings>) => void;
  readonly offers: readonly LiveOffer[];
  /** The model that is asked. */
  readonly model: string | undefined;
  /** While an answer comes. */
  readonly isDisabled: boolean;
}

/** Which model is asked, and who may answer. */
export function SettingsCard({ settings, change, offers, model, isDisabled }: SettingsCardProps) {
  const models = [...new Set(offers.map((offer) => offer.model))];
  const sellers = offers.filter((offer) => offer.model === model);
  return (
    <Card className="grid gap-2">
      <h2 className="mb-1 font-semibold">Model and provider</h2>
      <Field label="Model" hint={<Sellers sellers={sellers} />}>
        {(control) => (
          <Select
            {...control}
            value={model ?? ""}
            disabled={isDisabled || models.length === 0}
            onChange={(event) => change({ model: event.target.value, provider: undefined })}
          >
            {models.length === 0 && <option value="">None on offer</option>}
            {models.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Prefer" hint={HINTS[settings.preference]}>
        {(control) => (
          <Select
            {...control}
            value={settings.preference}
            disabled={isDisabled}
            onChange={(event) => change({ preference: event.target.value as Preference })}
          >
            <option value="balanced">A balance of price and speed</option>
            <option value="cheapest">The cheapest</option>
            <option value="fastest">The fastest</option>
          </Select>
        )}
      </Field>
      <ProviderField {...{ settings, change, sellers, isDisabled }} />
      <AmountField
        label="Highest price"
        hint="For a million tokens of answer."
        placeholder="Any"
        value={settings.maxPrice}
        onChange={(maxPrice) => change({ maxPrice })}
        isDisabled={isDisabled}
      />
      <div className="flex items-center justify-between gap-3 text-sm">
        <label htmlFor="verified-only">
          Only verified models <span className="block text-muted text-xs">Validators can judge their answers.</span>
        </label>
        <Switch
          id="verified-only"
          checked={settings.isVerifiedOnly}
          disabled={isDisabled}
          onCheckedChange={(isVerifiedOnly) => change({ isVerifiedOnly })}
        />
      </div>
    </Card>
  );
}

const HINTS: Readonly<Record<Preference, string>> = {
  balanced: "Providers that failed before come last.",
  cheapest: "The lowest price wins, nearly whatever the speed.",
  fastest: "By what this browser measured since the page was opened.",
};

function Sellers({ sellers }: { readonly sellers: readonly LiveOffer[] }) {
  const [cheapest] = sellers;
  if (cheapest === undefined) {
    return null;
  }
  return (
    <>
      {sellers.length} {sellers.length === 1 ? "provider" : "providers"}, from{" "}
      <Amount value={cheapest.outputPrice} digits={2} /> a million tokens
    </>
  );
}

interface ProviderFieldProps extends Pick<SettingsCardProps, "settings" | "change" | "isDisabled"> {
  readonly sellers: readonly LiveOffer[];
}

function ProviderField({ settings: { provider }, change, sellers, isDisabled }: ProviderFieldProps) {
  const isGone = provider !== undefined && sellers.every((offer) => offer.provider !== provider);
  return (
    <Field
      label="Provider"
      hint={isGone ? "This one does not sell the model now." : "The next one is tried if one fails."}
    >
      {(control) => (
        <Select
          {...control}
          value={provider ?? ""}
          disabled={isDisabled}
          onChange={({ target }) => change({ provider: (target.value || undefined) as LiveSettings["provider"] })}
        >
          <option value="">Any</option>
          {isGone && <option value={provider}>{shorten(provider)}</option>}
          {sellers.map((offer) => (
            <option key={offer.provider} value={offer.provider}>
              {offer.name} ({offer.region})
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
