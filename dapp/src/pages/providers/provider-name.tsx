import { Link } from "react-router";
import { Badge, type Tone } from "../../components/ui/badge.tsx";
import { shorten } from "../../lib/format.ts";
import type { ProviderRow, ProviderState } from "../../lib/provider-rows.ts";

const STATES: Readonly<Record<ProviderState, { readonly label: string; readonly tone: Tone }>> = {
  active: { label: "Takes work", tone: "good" },
  paused: { label: "Takes no new work", tone: "warn" },
  unreachable: { label: "Unreachable", tone: "bad" },
  asking: { label: "Asking", tone: "neutral" },
  unlisted: { label: "Not listed", tone: "neutral" },
};

/** The name of a provider, to its page. One that tells none goes by its address. */
export function ProviderName({ row }: { readonly row: ProviderRow }) {
  return (
    <Link
      to={`/providers/${row.address}`}
      className="font-medium underline decoration-border underline-offset-4 hover:decoration-streak"
    >
      {row.name ?? <span className="font-mono text-[0.92em]">{shorten(row.address)}</span>}
    </Link>
  );
}

/** Whether it can be bought from now. */
export function StateBadge({ state }: { readonly state: ProviderState }) {
  const { label, tone } = STATES[state];
  return <Badge tone={tone}>{label}</Badge>;
}
