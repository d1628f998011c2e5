import type { IndexedJob } from "@touchstone/sdk";
import { JobStatus } from "@touchstone/sdk/protocol";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { formatCount } from "../../lib/format.ts";
import { stageWords } from "../../lib/job-words.ts";
import { useProgress } from "./use-results.ts";

/** How far the provider is, by what its node says; shown while the job runs. */
export function JobProgress({ job, endpoint }: { readonly job: IndexedJob; readonly endpoint: string | undefined }) {
  const isRunning = job.status === JobStatus.Open || job.status === JobStatus.Accepted;
  const { data, error } = useProgress(job, endpoint, isRunning);
  if (!isRunning) {
    return null;
  }
  const done = data?.done ?? 0;
  return (
    <Card>
      <CardHeader title={job.status === JobStatus.Open ? "Waiting for a provider" : "Running"} />
      <Progress value={done / job.items} label="Answers that are written" />
      <p aria-live="polite" className="mt-2 flex flex-wrap justify-between gap-2 text-sm">
        <span className="text-muted">{data?.error?.message ?? wordsOf(job, endpoint, data?.stage, error)}</span>
        <span>
          {formatCount(done)} of {formatCount(job.items)}
        </span>
      </p>
    </Card>
  );
}

function wordsOf(job: IndexedJob, endpoint: string | undefined, stage: string | undefined, error: unknown): string {
  if (stage !== undefined) {
    return stageWords(stage);
  }
  if (job.provider === undefined) {
    return "Anyone who sells the model may accept it.";
  }
  return endpoint === undefined || error !== null
    ? "The provider's node does not say how far it is. The chain does once it is done."
    : "Asking the provider";
}
