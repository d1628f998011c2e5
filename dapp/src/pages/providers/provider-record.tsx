import { formatCount } from "../../lib/format.ts";
import { outcomesOf, type ProviderRow } from "../../lib/provider-rows.ts";

/** Where nothing is known. */
export const NONE = <span className="text-muted">–</span>;

/** Jobs paid and jobs failed. */
export function Outcomes({ record }: Pick<ProviderRow, "record">) {
  if (record === undefined) {
    return NONE;
  }
  const { good, bad } = outcomesOf(record);
  return <Pair all={good} bad={bad} />;
}

/** Cases about it, and those that it lost. */
export function Cases({ record }: Pick<ProviderRow, "record">) {
  return record === undefined ? NONE : <Pair all={record.cases} bad={record.convictions} />;
}

function Pair({ all, bad }: { readonly all: number; readonly bad: number }) {
  return (
    <>
      {formatCount(all)} / <span className={bad > 0 ? "text-bad" : ""}>{formatCount(bad)}</span>
    </>
  );
}
