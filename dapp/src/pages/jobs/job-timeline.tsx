import type { IndexedJobHistory } from "@touchstone/sdk";
import { Link } from "react-router";
import { TransactionLink } from "../../components/hash.tsx";
import { Time } from "../../components/time.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useCases } from "../../hooks/use-cases.ts";
import { stepWords } from "../../lib/job-words.ts";

/** What happened to the job, the first at the top, each with its transaction. */
export function JobTimeline({ job }: { readonly job: IndexedJobHistory }) {
  const { data: cases = [] } = useCases({ job: job.id });
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
      {cases.map(({ id, isOpen }) => (
        <Link
          key={id}
          to={`/cases/${id}`}
          className="block text-sm underline decoration-border underline-offset-4 hover:decoration-streak"
        >
          {isOpen ? "The open case about it" : "The case about it"}
        </Link>
      ))}
    </Card>
  );
}
