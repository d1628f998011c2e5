import { Amount } from "../../components/amount.tsx";
import type { DataColumn } from "../../components/data-table.tsx";
import { Time } from "../../components/time.tsx";
import { formatCount, formatMs, formatPercent } from "../../lib/format.ts";
import { outcomesOf, type ProviderRow } from "../../lib/provider-rows.ts";
import { ProviderName, StateBadge } from "./provider-name.tsx";
import { Cases, NONE, Outcomes } from "./provider-record.tsx";

/** What the table of providers tells. */
export const PROVIDER_COLUMNS: readonly DataColumn<ProviderRow>[] = [
  {
    id: "name",
    name: "Provider",
    value: ({ name, address }) => (name ?? address).toLowerCase(),
    cell: (row) => (
      <div className="grid justify-items-start gap-1">
        <ProviderName row={row} />
        <StateBadge state={row.state} />
      </div>
    ),
  },
  {
    id: "price",
    name: "Price, 1M tokens",
    isFigure: true,
    value: ({ priceOut }) => priceOut,
    cell: ({ priceIn, priceOut, offer }) =>
      offer === undefined ? (
        NONE
      ) : (
        <div className="grid">
          <span>
            <Amount value={priceIn} isBare /> in · <Amount value={priceOut} isBare /> out
          </span>
          <span className="max-w-32 truncate justify-self-end text-muted text-xs" title={offer.name}>
            {offer.name}
          </span>
        </div>
      ),
  },
  {
    id: "speed",
    name: "Tokens/s",
    isFigure: true,
    value: ({ tokensPerSecond }) => tokensPerSecond,
    cell: ({ tokensPerSecond }) => tokensPerSecond?.toFixed(1) ?? NONE,
  },
  {
    id: "first",
    name: "First token",
    isFigure: true,
    value: ({ firstTokenMs }) => firstTokenMs,
    cell: ({ firstTokenMs }) => (firstTokenMs === undefined ? NONE : formatMs(firstTokenMs)),
  },
  {
    id: "region",
    name: "Region",
    value: ({ region }) => region,
    cell: ({ region }) => region ?? NONE,
  },
  {
    id: "hardware",
    name: "Hardware",
    value: ({ hardware }) => hardware,
    cell: ({ hardware }) => (
      <span className="line-clamp-2 max-w-32 whitespace-normal" title={hardware}>
        {hardware ?? NONE}
      </span>
    ),
  },
  {
    id: "uptime",
    name: "Answered you",
    isFigure: true,
    value: ({ uptime }) => uptime?.share,
    cell: ({ uptime, upSince }) => (
      <div className="grid">
        <span>{uptime === undefined ? NONE : `${formatPercent(uptime.share)} of ${formatCount(uptime.checks)}`}</span>
        {upSince !== undefined && (
          <span className="text-muted text-xs">
            started <Time at={upSince} />
          </span>
        )}
      </div>
    ),
  },
  {
    id: "stake",
    name: "Stake",
    isFigure: true,
    value: ({ stake }) => stake,
    cell: ({ stake }) => <Amount value={stake} digits={2} isBare />,
  },
  {
    id: "exposure",
    name: "Exposure",
    isFigure: true,
    value: ({ exposure }) => exposure,
    cell: ({ exposure }) => <Amount value={exposure} digits={2} isBare />,
  },
  {
    id: "outcomes",
    name: "Jobs paid / failed",
    isFigure: true,
    value: ({ record }) => record && outcomesOf(record).good,
    cell: ({ record }) => <Outcomes record={record} />,
  },
  {
    id: "cases",
    name: "Cases / lost",
    isFigure: true,
    value: ({ record }) => record?.cases,
    cell: ({ record }) => <Cases record={record} />,
  },
];
