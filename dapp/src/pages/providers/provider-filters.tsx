import { useId } from "react";
import { Input, Select } from "../../components/ui/input.tsx";
import { Switch } from "../../components/ui/switch.tsx";
import { hasNode, type ProviderFilter, type ProviderRow } from "../../lib/provider-rows.ts";

export interface ProviderFiltersProps {
  readonly filter: ProviderFilter;
  readonly onChange: (filter: ProviderFilter) => void;
  /** All rows: what can be chosen comes from them. */
  readonly rows: readonly ProviderRow[];
}

/** Which providers to show. */
export function ProviderFilters({ filter, onChange, rows }: ProviderFiltersProps) {
  const models = new Map(rows.flatMap((row) => row.models.map(({ id, name }) => [id as string, name] as const)));
  const bare = rows.filter((row) => !hasNode(row)).length;
  const regions = [...new Set(rows.flatMap(({ region }) => region ?? []))].sort();
  return (
    <search className="grid grid-cols-2 items-center gap-x-4 gap-y-3 sm:flex sm:flex-wrap">
      <Input
        type="search"
        aria-label="Search by name, address or hardware"
        placeholder="Name, address or hardware"
        className="col-span-2 sm:w-56"
        value={filter.search}
        onChange={({ target }) => onChange({ ...filter, search: target.value })}
      />
      <Select
        aria-label="Model"
        className="sm:w-44"
        value={filter.model}
        onChange={({ target }) => onChange({ ...filter, model: target.value })}
      >
        <option value="">All models</option>
        {[...models].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Region"
        className="sm:w-40"
        value={filter.region}
        onChange={({ target }) => onChange({ ...filter, region: target.value })}
      >
        <option value="">All regions</option>
        {regions.map((region) => (
          <option key={region}>{region}</option>
        ))}
      </Select>
      <Toggle label="Takes work" isOn={filter.isActive} set={(isActive) => onChange({ ...filter, isActive })} />
      <Toggle
        label="Audited models"
        isOn={filter.isVerified}
        set={(isVerified) => onChange({ ...filter, isVerified })}
      />
      {bare > 0 && (
        <Toggle
          label={`${bare} ${bare === 1 ? "account" : "accounts"} without a node`}
          isOn={filter.isEveryone}
          set={(isEveryone) => onChange({ ...filter, isEveryone })}
        />
      )}
    </search>
  );
}

function Toggle(props: { readonly label: string; readonly isOn: boolean; readonly set: (isOn: boolean) => void }) {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <Switch id={id} checked={props.isOn} onCheckedChange={props.set} />
      <label htmlFor={id} className="text-sm">
        {props.label}
      </label>
    </div>
  );
}
