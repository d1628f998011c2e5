import { Time } from "../../components/time.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { explain } from "../../lib/explain.ts";
import type { ProviderRow } from "../../lib/provider-rows.ts";
import { ProviderName } from "./provider-name.tsx";

/** Whose offers cannot be read now, and why. */
export function UnreachableList({ rows }: { readonly rows: readonly ProviderRow[] }) {
  const silent = rows.filter(({ failure }) => failure !== undefined);
  if (silent.length === 0) {
    return null;
  }
  return (
    <Alert tone="warn" title={silent.length === 1 ? "1 provider is unreachable" : `${silent.length} are unreachable`}>
      <ul className="grid gap-1">
        {silent.map((row) => (
          <li key={row.address}>
            <ProviderName row={row} />, <LastAnswer at={row.uptime?.last?.at} />: {explain(row.failure).sentence}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** Since when it is silent, as far as this browser can tell. Unix seconds. */
function LastAnswer({ at }: { readonly at: number | undefined }) {
  return at === undefined ? (
    "which never answered this browser"
  ) : (
    <>
      which answered this browser last <Time at={at} />
    </>
  );
}
