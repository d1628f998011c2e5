import type { JobStatus, Outcome } from "@touchstone/sdk/protocol";
import { Badge } from "../../components/ui/badge.tsx";
import { stateWords } from "../../lib/job-words.ts";

/** Where a job is, or how it ended. */
export function JobBadge({ job }: { readonly job: { readonly status: JobStatus; readonly outcome: Outcome } }) {
  const { label, mood } = stateWords(job);
  return <Badge tone={mood}>{label}</Badge>;
}
