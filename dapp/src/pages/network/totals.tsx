import type { IndexedMarket } from "@touchstone/sdk";
import type { ReactNode } from "react";
import { Amount } from "../../components/amount.tsx";
import { formatCount, formatPercent } from "../../lib/format.ts";

/** Sums since the market began. */
export function Totals({ market }: { readonly market: IndexedMarket }) {
  const { volume, jobs, openJobs, providers, seats, cases, convictions, slashed, burned, pool, receipts } = market;
  const share = jobs === 0 ? "–" : formatPercent(cases / jobs, 1);
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border bg-border sm:grid-cols-4">
      <Total name="Volume" note="prices of settled jobs">
        <Amount value={volume} digits={2} />
      </Total>
      <Total name="Jobs" note={`${formatCount(openJobs)} open now`}>
        {formatCount(jobs)}
      </Total>
      <Total name="Providers" note={`${formatCount(seats)} validators' seats`}>
        {formatCount(providers)}
      </Total>
      <Total name="Audits" note={`${share} of jobs, ${formatCount(convictions)} convicted`}>
        {formatCount(cases)}
      </Total>
      <Total name="Slashed" note="of stakes and bonds">
        <Amount value={slashed} digits={2} />
      </Total>
      <Total name="Burned" note="of it, lost to everyone">
        <Amount value={burned} digits={2} />
      </Total>
      <Total name="Assurance pool" note="pays the validators">
        <Amount value={pool} digits={2} />
      </Total>
      <Total name="Live calls in court" note="receipts that buyers brought">
        {formatCount(receipts)}
      </Total>
    </dl>
  );
}

function Total({
  name,
  note,
  children,
}: {
  readonly name: string;
  readonly note: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="bg-surface p-4">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="mt-1 font-semibold text-lg">{children}</dd>
      <dd className="text-muted text-xs">{note}</dd>
    </div>
  );
}
