import type { IndexedJob } from "@touchstone/sdk";
import { JobStatus, SEALED } from "@touchstone/sdk/protocol";
import { Amount } from "../../components/amount.tsx";
import { AddressLink, Hash } from "../../components/hash.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Countdown, Time } from "../../components/time.tsx";
import { Card } from "../../components/ui/card.tsx";
import { useModelName } from "../../hooks/use-model-name.ts";
import { useProviderName } from "../../hooks/use-provider.ts";
import { formatCount } from "../../lib/format.ts";
import { JobBadge } from "./job-badge.tsx";

/** What was agreed, and where it stands. */
export function JobFacts({ job }: { readonly job: IndexedJob }) {
  const modelName = useModelName();
  const providerName = useProviderName();
  const { provider } = job;
  return (
    <Card>
      <Facts>
        <Fact name="State">
          <JobBadge job={job} />
        </Fact>
        <Fact name="Model">{modelName(job.model)}</Fact>
        <Fact name="Items">{formatCount(job.items)}</Fact>
        <Fact name="Price">
          <Amount value={job.price} digits={6} />
        </Fact>
        <Fact name="Provider">
          {provider === undefined ? (
            "Anyone may accept"
          ) : (
            <Hash
              value={provider}
              name="address"
              to={`/providers/${provider}`}
              {...(providerName(provider) !== undefined && { label: providerName(provider) })}
            />
          )}
        </Fact>
        <Fact name="Client">
          <AddressLink address={job.client} />
        </Fact>
        <Fact name="Audits">{auditWords(job)}</Fact>
        <Fact name="Posted">
          <Time at={job.postedAt} />
        </Fact>
        <Deadline job={job} />
        <Money job={job} />
        <Fact name="Job id">
          <Hash value={job.id} name="job id" />
        </Fact>
        <Fact name="Root of the prompts">
          <Hash value={job.input} name="root of the prompts" />
        </Fact>
        {job.resultRoot !== undefined && (
          <Fact name="Root of the answers">
            <Hash value={job.resultRoot} name="root of the answers" />
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function auditWords({ flags, verified }: IndexedJob): string {
  if ((flags & SEALED) !== 0) {
    return "None: the prompts are sealed";
  }
  return verified === undefined ? "Known once accepted" : verified ? "May be drawn by chance" : "None for this model";
}

/** What is in time until when. */
function Deadline({ job }: { readonly job: IndexedJob }) {
  const { status, acceptBy, acceptedAt = 0, submitWithin, submittedAt = 0, challengeWindow } = job;
  switch (status) {
    case JobStatus.Open:
      return <Left name="To be accepted within" until={acceptBy} />;
    case JobStatus.Accepted:
      return <Left name="To be answered within" until={acceptedAt + submitWithin} />;
    case JobStatus.Submitted:
      return <Left name="Can be challenged for" until={submittedAt + challengeWindow} />;
    default:
      return null;
  }
}

function Left({ name, until }: { readonly name: string; readonly until: number }) {
  return (
    <Fact name={name}>
      <Countdown until={until} over="Time is over" />
    </Fact>
  );
}

/** Where the price went, once it is over. */
function Money({ job: { endedAt, paid, fee, refund, penalty } }: { readonly job: IndexedJob }) {
  if (endedAt === undefined) {
    return null;
  }
  const parts = [
    { name: "Paid to the provider", value: paid },
    { name: "Fee of the market", value: fee },
    { name: "Back to the client", value: refund },
    { name: "Penalty to the client", value: penalty },
  ];
  return parts
    .filter(({ value }) => value > 0n)
    .map(({ name, value }) => (
      <Fact key={name} name={name}>
        <Amount value={value} digits={6} />
      </Fact>
    ));
}
