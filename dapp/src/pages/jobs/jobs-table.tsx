import type { IndexedJob } from "@touchstone/sdk";
import { Link } from "react-router";
import { Amount } from "../../components/amount.tsx";
import { AddressLink } from "../../components/hash.tsx";
import { Time } from "../../components/time.tsx";
import { Table, Td, Th, Tr } from "../../components/ui/table.tsx";
import { useModelName } from "../../hooks/use-model-name.ts";
import { useProviderName } from "../../hooks/use-provider.ts";
import { formatCount, shorten } from "../../lib/format.ts";
import { JobBadge } from "./job-badge.tsx";

/** Jobs, newest first. */
export function JobsTable({ jobs }: { readonly jobs: readonly IndexedJob[] }) {
  return (
    <Table label="Jobs">
      <thead>
        <tr>
          <Th>Job</Th>
          <Th>State</Th>
          <Th>Model</Th>
          <Th className="text-right">Items</Th>
          <Th className="text-right">Price</Th>
          <Th>Provider</Th>
          <Th className="text-right">Posted</Th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </tbody>
    </Table>
  );
}

function JobRow({ job }: { readonly job: IndexedJob }) {
  const modelName = useModelName();
  const providerName = useProviderName();
  return (
    <Tr>
      <Td>
        <Link
          to={`/jobs/${job.id}`}
          title={job.id}
          className="font-mono text-[0.92em] underline decoration-border underline-offset-4 hover:decoration-streak"
        >
          {shorten(job.id)}
        </Link>
      </Td>
      <Td>
        <JobBadge job={job} />
      </Td>
      <Td>{modelName(job.model)}</Td>
      <Td className="text-right">{formatCount(job.items)}</Td>
      <Td className="text-right">
        <Amount value={job.price} />
      </Td>
      <Td>
        {job.provider === undefined ? (
          <span className="text-muted">Anyone</span>
        ) : (
          <AddressLink address={job.provider} label={providerName(job.provider)} />
        )}
      </Td>
      <Td className="text-right text-muted">
        <Time at={job.postedAt} />
      </Td>
    </Tr>
  );
}
