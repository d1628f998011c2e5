import type { IndexedJobHistory } from "@touchstone/sdk";
import { SearchX } from "lucide-react";
import { Link, useParams } from "react-router";
import { type Hex, isHex, size } from "viem";
import { Page } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useProvider } from "../../hooks/use-provider.ts";
import { shorten } from "../../lib/format.ts";
import { outcomeSentence } from "../../lib/job-words.ts";
import { JobActions } from "./job-actions.tsx";
import { JobCourt } from "./job-court.tsx";
import { JobFacts } from "./job-facts.tsx";
import { JobProgress } from "./job-progress.tsx";
import { JobResults } from "./job-results.tsx";
import { JobTimeline } from "./job-timeline.tsx";
import { JobVerify } from "./job-verify.tsx";
import { useJob } from "./use-job.ts";

const HASH_BYTES = 32;

/** All about one job. */
export function JobPage() {
  const { id = "" } = useParams();
  const job: Hex | undefined = isHex(id) && size(id) === HASH_BYTES ? (id.toLowerCase() as Hex) : undefined;
  const query = useJob(job);
  if (job === undefined) {
    return <NoSuchJob sentence="A job's id is 0x and 64 digits from 0 to f. The address may be cut off." />;
  }
  return (
    <QueryView query={query} what="The job" rows={6}>
      {(found) =>
        found === null ? (
          <NoSuchJob sentence="No job with this id is on this market. It may be of another network, or not mined yet." />
        ) : (
          <JobView job={found} />
        )
      }
    </QueryView>
  );
}

function JobView({ job }: { readonly job: IndexedJobHistory }) {
  const provider = useProvider(job.provider);
  const endpoint = provider?.endpoint;
  return (
    <Page
      title={`Job ${shorten(job.id)}`}
      description={job.endedAt === undefined ? undefined : outcomeSentence(job.outcome)}
      actions={<AllJobs />}
    >
      <div className="grid items-start gap-5 lg:grid-cols-[1fr_20rem]">
        <div className="grid min-w-0 gap-5">
          <JobFacts job={job} />
          <JobProgress {...{ job, endpoint }} />
          {job.resultRoot !== undefined && <JobResults {...{ job, endpoint }} />}
          {job.resultRoot !== undefined && <JobVerify {...{ job, endpoint }} />}
        </div>
        <div className="grid min-w-0 gap-5">
          <JobActions job={job} />
          <JobCourt job={job} />
          <JobTimeline job={job} />
        </div>
      </div>
    </Page>
  );
}

function NoSuchJob({ sentence }: { readonly sentence: string }) {
  return (
    <Page title="Job">
      <Empty icon={SearchX} title="There is no such job" actions={<AllJobs />}>
        {sentence}
      </Empty>
    </Page>
  );
}

function AllJobs() {
  return (
    <Button asChild>
      <Link to="/jobs">All jobs</Link>
    </Button>
  );
}
