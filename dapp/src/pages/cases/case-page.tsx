import type { IndexedCaseHistory } from "@touchstone/sdk";
import { Gavel } from "lucide-react";
import { Link, useParams } from "react-router";
import { type Hex, isHash } from "viem";
import { Amount } from "../../components/amount.tsx";
import { AddressLink, Hash } from "../../components/hash.tsx";
import { Fact, Facts, Page } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useCase } from "../../hooks/use-cases.ts";
import { useModelName } from "../../hooks/use-model-name.ts";
import { shorten } from "../../lib/format.ts";
import { verdictWords } from "../../lib/verdict.ts";
import { CaseSeats } from "./case-seats.tsx";
import { CaseTimeline } from "./case-timeline.tsx";

/** One case: what it is about, what each seat measured, how it ended. */
export function CasePage() {
  const { id = "" } = useParams();
  return isHash(id) ? <KnownCase id={id} /> : <NoCase id={id} />;
}

function KnownCase({ id }: { readonly id: Hex }) {
  const query = useCase(id);
  if (query.data === null) {
    return <NoCase id={id} />;
  }
  return (
    <Page title={`Case ${shorten(id)}`} description="What it is about, what each seat measured, and how it ended.">
      <QueryView query={query} what="The case" rows={6}>
        {(found) => (found === null ? null : <CaseView found={found} />)}
      </QueryView>
    </Page>
  );
}

function NoCase({ id }: { readonly id: string }) {
  return (
    <Page title="Case">
      <Empty
        icon={Gavel}
        title="There is no such case"
        actions={
          <Button asChild>
            <Link to="/cases">All cases</Link>
          </Button>
        }
      >
        {shorten(id)} is no case of this market. A case that was opened seconds ago may take a moment to show.
      </Empty>
    </Page>
  );
}

function CaseView({ found }: { readonly found: IndexedCaseHistory }) {
  const modelName = useModelName();
  const { name, tone, meaning } = verdictWords(found.verdict, found.isOpen);
  return (
    <>
      <Alert tone={tone === "bad" ? "bad" : tone === "warn" ? "warn" : "info"} title={name}>
        {meaning}
      </Alert>
      <Card>
        <Facts>
          <Fact name="Verdict">
            <Badge tone={tone}>{name}</Badge>
          </Fact>
          <Fact name="About">
            {found.isReceipt ? (
              <>
                a live call, receipt <Hash value={found.job} name="receipt's job id" />
              </>
            ) : (
              <Hash value={found.job} name="job id" to={`/jobs/${found.job}`} />
            )}
          </Fact>
          <Fact name="Model">{modelName(found.model)}</Fact>
          <Fact name="Provider">
            <Hash value={found.provider} name="provider" to={`/providers/${found.provider}`} />
          </Fact>
          <Fact name="Client">
            <AddressLink address={found.client} />
          </Fact>
          <Fact name="Opened by">
            <AddressLink address={found.opener} />
          </Fact>
          <Fact name="Tier">{found.tier === 1 ? "1: three seats" : "2: nine seats"}</Fact>
          <Fact name="Taken from the provider">
            <Amount value={found.slashed} />
          </Fact>
          <Fact name="Opened">
            <Time at={found.openedAt} />
          </Fact>
          <Fact name="Closed">
            <Time at={found.closedAt} />
          </Fact>
        </Facts>
      </Card>
      <CaseSeats found={found} />
      <Card>
        <CardHeader title="What happened" />
        <CaseTimeline steps={found.steps} />
      </Card>
    </>
  );
}
