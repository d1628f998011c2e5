import type { IndexedStep } from "@touchstone/sdk";
import { TransactionLink } from "../../components/hash.tsx";
import { Time } from "../../components/time.tsx";
import { CASE_STEPS } from "../../lib/case-words.ts";

/** The steps of a case, oldest first, each with its transaction. */
export function CaseTimeline({ steps }: { readonly steps: readonly IndexedStep[] }) {
  return (
    <ol className="grid gap-3 border-l pl-4 text-sm">
      {steps.map(({ kind, transaction, logIndex, timestamp, block }) => (
        <li key={`${transaction}/${logIndex}`} className="relative">
          <span aria-hidden className="absolute top-1.5 -left-[1.3rem] size-2 rounded-full bg-control" />
          <p>{CASE_STEPS[kind] ?? kind}</p>
          <p className="flex flex-wrap gap-x-3 text-muted text-xs">
            <Time at={timestamp} /> <span>block {block.toString()}</span> <TransactionLink hash={transaction} />
          </p>
        </li>
      ))}
    </ol>
  );
}
