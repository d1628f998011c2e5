import { useQuery } from "@tanstack/react-query";
import type { IndexedOperatorKey } from "@touchstone/sdk";
import type { Address } from "viem";
import { AddressLink, Hash } from "../../components/hash.tsx";
import { QueryView } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useIndex } from "../../hooks/use-index.ts";
import { stateWords } from "../../lib/job-words.ts";
import { verdictWords } from "../../lib/verdict.ts";
import { useNetwork } from "../../network/network-context.tsx";

const LATEST = 10;
const ROW = "flex flex-wrap items-center justify-between gap-2 border-t py-2 text-sm";

/** Its latest jobs and cases, and the keys that act for it. */
export function HistoryCards({ provider }: { readonly provider: Address }) {
  const { market } = useNetwork();
  const index = useIndex();
  const query = useQuery({
    queryKey: ["provider-history", market, provider],
    refetchInterval: 10_000,
    queryFn: async () => {
      const page = { provider, first: LATEST };
      const [jobs, cases, operators] = await Promise.all([
        index.jobs(page),
        index.cases(page),
        index.operators(provider),
      ]);
      return { jobs, cases, operators };
    },
  });
  return (
    <QueryView query={query} what="The history">
      {({ jobs, cases, operators }) => (
        <div className="grid gap-5 lg:grid-cols-3">
          <Card>
            <CardHeader title="Latest jobs" />
            {jobs.length === 0 && <p className="text-muted text-sm">None yet.</p>}
            {jobs.map((job) => (
              <div key={job.id} className={ROW}>
                <Hash value={job.id} name="job id" to={`/jobs/${job.id}`} />
                <Badge tone={stateWords(job).mood}>{stateWords(job).label}</Badge>
                <Time at={job.postedAt} />
              </div>
            ))}
          </Card>
          <Card>
            <CardHeader title="Latest cases" />
            {cases.length === 0 && <p className="text-muted text-sm">None yet.</p>}
            {cases.map((one) => (
              <div key={one.id} className={ROW}>
                <Hash value={one.id} name="case id" to={`/cases/${one.id}`} />
                <Badge tone={verdictWords(one.verdict, one.isOpen).tone}>
                  {verdictWords(one.verdict, one.isOpen).name}
                </Badge>
                <Time at={one.openedAt} />
              </div>
            ))}
          </Card>
          <OperatorCard operators={operators} />
        </div>
      )}
    </QueryView>
  );
}

function OperatorCard({ operators }: { readonly operators: readonly IndexedOperatorKey[] }) {
  return (
    <Card>
      <CardHeader title="Operators" description="Keys that sign for it." />
      {operators.length === 0 && <p className="text-muted text-sm">None: its own address signs.</p>}
      {operators.map(({ operator, validUntil }) => (
        <div key={operator} className={ROW}>
          <AddressLink address={operator} />
          <Validity until={validUntil} />
        </div>
      ))}
    </Card>
  );
}

/** The end of a key that has none: the largest uint40. */
const FOR_EVER = 2 ** 40 - 1;

function Validity({ until }: { readonly until: number }) {
  if (until === FOR_EVER) {
    return <span>until it is ended</span>;
  }
  return (
    <span>
      {until > Date.now() / 1_000 ? "ends " : "ended "}
      <Time at={until} />
    </span>
  );
}
