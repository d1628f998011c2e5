import type { IndexedJobHistory } from "@touchstone/sdk";
import { TransactionLink } from "../../components/hash.tsx";
import { Time } from "../../components/time.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { stepWords } from "../../lib/job-words.ts";

/** What happened to the job, the first at the top, each with its transaction. */
export function JobTimeline({ job }: { readonly job: IndexedJobHistory }) {
  return (
    <Card>
      <CardHeader title="Timeline" />
      <ol className="grid">
        {job.steps.map(({ kind, timestamp, transaction, logIndex }, place) => {
          const isLast = place === job.steps.length - 1;
          return (
            <li key={`${transaction}${logIndex}`} className="grid grid-cols-[auto_1fr] gap-x-3">
              <span className="grid grid-rows-[auto_1fr] justify-items-center" aria-hidden>
                <span className={`mt-1.5 size-2 rounded-full ${isLast ? "bg-streak" : "bg-control"}`} />
                {!isLast && <span className="w-px bg-border" />}
              </span>
              <div className="grid gap-0.5 pb-4">
                <span className="text-sm">{stepWords(kind)}</span>
                <span className="flex flex-wrap items-center gap-x-3 text-muted text-xs">
                  <Time at={timestamp} />
                  <TransactionLink hash={transaction} />
                </span>
              </div>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
