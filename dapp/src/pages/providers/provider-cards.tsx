import { useId, useState } from "react";
import { Amount } from "../../components/amount.tsx";
import { Fact } from "../../components/page.tsx";
import { Card } from "../../components/ui/card.tsx";
import { Select } from "../../components/ui/input.tsx";
import { formatMs, formatPercent } from "../../lib/format.ts";
import { PROVIDER_ORDERS, type ProviderOrder, type ProviderRow, sortProviders } from "../../lib/provider-rows.ts";
import { ProviderName, StateBadge } from "./provider-name.tsx";
import { Cases, NONE, Outcomes } from "./provider-record.tsx";

/** The table of providers where there is no room for one: a card each, in an order that is chosen. */
export function ProviderCards({ rows }: { readonly rows: readonly ProviderRow[] }) {
  const [order, setOrder] = useState<ProviderOrder>("price");
  const id = useId();
  return (
    <div className="grid gap-3">
      <div className="flex items-center gap-3">
        <label htmlFor={id} className="text-muted text-sm">
          In order of
        </label>
        <Select
          id={id}
          className="w-auto"
          value={order}
          onChange={({ target }) => setOrder(target.value as ProviderOrder)}
        >
          {Object.entries(PROVIDER_ORDERS).map(([key, { name }]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      <ul aria-label="Providers" className="grid gap-3 sm:grid-cols-2">
        {sortProviders(rows, order).map((row) => (
          <li key={row.address} className="min-w-0">
            <ProviderCard row={row} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function ProviderCard({ row }: { readonly row: ProviderRow }) {
  return (
    <Card>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <ProviderName row={row} />
        <StateBadge state={row.state} />
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 text-sm">
        <Fact name="Price, 1M tokens">
          <Amount value={row.priceOut} isBare /> out, <Amount value={row.priceIn} isBare /> in
        </Fact>
        <Fact name="Tokens/s">{row.tokensPerSecond?.toFixed(1) ?? NONE}</Fact>
        <Fact name="First token">{row.firstTokenMs === undefined ? NONE : formatMs(row.firstTokenMs)}</Fact>
        <Fact name="Answered you">{row.uptime === undefined ? NONE : formatPercent(row.uptime.share)}</Fact>
        <Fact name="Region">{row.region ?? NONE}</Fact>
        <Fact name="Hardware">{row.hardware ?? NONE}</Fact>
        <Fact name="Stake">
          <Amount value={row.stake} digits={2} isBare />
        </Fact>
        <Fact name="Exposure">
          <Amount value={row.exposure} digits={2} isBare />
        </Fact>
        <Fact name="Jobs paid / failed">
          <Outcomes record={row.record} />
        </Fact>
        <Fact name="Cases / lost">
          <Cases record={row.record} />
        </Fact>
      </dl>
    </Card>
  );
}
