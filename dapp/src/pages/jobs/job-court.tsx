import type { IndexedCase, IndexedDemand, IndexedJob } from "@touchstone/sdk";
import { Link } from "react-router";
import { Failed } from "../../components/states.tsx";
import { Countdown } from "../../components/time.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useCases } from "../../hooks/use-cases.ts";
import { useNow } from "../../hooks/use-now.ts";
import { causeOf } from "../../lib/case-words.ts";
import { shorten } from "../../lib/format.ts";
import { demandWords } from "../../lib/job-words.ts";
import { verdictWords } from "../../lib/verdict.ts";
import { useDemands, usePublished } from "./use-demands.ts";

/** What the court has to do with the job: its cases and the demands for its data; nothing where there are none. */
export function JobCourt({ job }: { readonly job: IndexedJob }) {
  const { data: cases = [] } = useCases({ job: job.id });
  const { data: demands = [] } = useDemands(job);
  if (cases.length + demands.length === 0) {
    return null;
  }
  return (
    <Card>
      <CardHeader title="At the court" />
      <ul className="grid gap-4 text-sm">
        {cases.map((one) => (
          <CaseLine key={one.id} one={one} />
        ))}
        {demands.map((demand) => (
          <DemandLine key={`${demand.key}/${demand.item}/${demand.chunk}`} {...{ job, demand }} />
        ))}
      </ul>
    </Card>
  );
}

function CaseLine({ one }: { readonly one: IndexedCase }) {
  const { name, tone } = verdictWords(one.verdict, one.isOpen);
  return (
    <li className="grid gap-1">
      <span className="flex flex-wrap items-center gap-2">
        <Link
          to={`/cases/${one.id}`}
          className="font-medium underline decoration-border underline-offset-4 hover:decoration-streak"
        >
          Case {shorten(one.id)}
        </Link>
        <Badge tone={tone}>{name}</Badge>
      </span>
      <span className="text-muted">{causeOf(one)}</span>
    </li>
  );
}

interface DemandLineProps {
  readonly job: IndexedJob;
  readonly demand: IndexedDemand;
}

function DemandLine({ job, demand }: DemandLineProps) {
  const now = useNow();
  const { label, mood } = demandWords(demand, now);
  const isOpen = demand.answeredAt === undefined && demand.endedAt === undefined;
  return (
    <li className="grid gap-1">
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium">Item {demand.item + 1}, demanded</span>
        <Badge tone={mood}>{label}</Badge>
      </span>
      {isOpen && (
        <span className="text-muted">
          The provider has <Countdown until={demand.answerBy} over="no time left" /> to publish it.
        </span>
      )}
      {demand.answeredAt !== undefined && demand.chunk === 0 && <Published {...{ job, demand }} />}
    </li>
  );
}

/** The answer as the chain has it. */
function Published({ job, demand }: DemandLineProps) {
  const { data, error, isFetching, refetch } = usePublished(job, demand);
  if (data !== undefined && data !== null) {
    return (
      <blockquote className="whitespace-pre-wrap border-l-2 border-l-streak pl-3">
        {"text" in data ? data.text : `${data.error.message} (${data.error.code})`}
      </blockquote>
    );
  }
  if (error !== null && !isFetching) {
    return <Failed what="What was published" error={error} retry={refetch} />;
  }
  if (data === null) {
    return <span className="text-muted">The server of the chain does not find it any more.</span>;
  }
  return (
    <Button size="sm" className="justify-self-start" isBusy={isFetching} onClick={() => void refetch()}>
      Show what was published
    </Button>
  );
}
