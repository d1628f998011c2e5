import { Amount } from "../../components/amount.tsx";
import { Fact } from "../../components/page.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { type ProviderRow, regionsOf } from "../../lib/provider-rows.ts";
import { ProviderName, StateBadge } from "./provider-name.tsx";

/** Where providers say that they are, with the best of each place. */
export function RegionView({ rows }: { readonly rows: readonly ProviderRow[] }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {regionsOf(rows).map(({ name, rows: inside, cheapest, fastest }) => (
        <Card key={name}>
          <CardHeader
            title={name === "" ? "Region not known" : name}
            description={inside.length === 1 ? "1 provider" : `${inside.length} providers`}
          />
          <dl className="mb-4 grid grid-cols-2 gap-4 text-sm">
            <Fact name="Best price, 1M tokens out">
              <Amount value={cheapest?.priceOut} />
              {cheapest !== undefined && <span className="block text-muted text-xs">{cheapest.name}</span>}
            </Fact>
            <Fact name="Fastest, tokens/s">
              {fastest?.tokensPerSecond?.toFixed(1) ?? <span className="text-muted">–</span>}
              {fastest !== undefined && <span className="block text-muted text-xs">{fastest.name}</span>}
            </Fact>
          </dl>
          <ul className="grid gap-2 text-sm">
            {inside.map((row) => (
              <li key={row.address} className="flex items-center justify-between gap-2 border-t pt-2">
                <ProviderName row={row} />
                <StateBadge state={row.state} />
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}
