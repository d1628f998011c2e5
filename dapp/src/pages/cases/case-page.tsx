import type { IndexedCaseHistory } from "@touchstone/sdk";
import { Gavel } from "lucide-react";
import { Link, useParams } from "react-router";
import { type Hex, isHash } from "viem";
import { Page } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useCase } from "../../hooks/use-cases.ts";
import { causeOf } from "../../lib/case-words.ts";
import { shorten } from "../../lib/format.ts";
import { CaseFacts } from "./case-facts.tsx";
import { CaseMoney } from "./case-money.tsx";
import { CaseSeats } from "./case-seats.tsx";
import { CaseTimeline } from "./case-timeline.tsx";
import { CaseVerdict } from "./case-verdict.tsx";

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
    <Page title={`Case ${shorten(id)}`} description={query.data && causeOf(query.data)} actions={<AllCases />}>
      <QueryView query={query} what="The case" rows={6}>
        {(found) => (found === null ? null : <CaseView found={found} />)}
      </QueryView>
    </Page>
  );
}

function NoCase({ id }: { readonly id: string }) {
  return (
    <Page title="Case">
      <Empty icon={Gavel} title="There is no such case" actions={<AllCases />}>
        {shorten(id)} is no case of this market. A case that was opened seconds ago may take a moment to show.
      </Empty>
    </Page>
  );
}

function AllCases() {
  return (
    <Button asChild>
      <Link to="/cases">All cases</Link>
    </Button>
  );
}

function CaseView({ found }: { readonly found: IndexedCaseHistory }) {
  return (
    <>
      <CaseVerdict found={found} />
      {found.isOpen ? (
        <CaseFacts found={found} />
      ) : (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <CaseMoney found={found} />
          <CaseFacts found={found} isNarrow />
        </div>
      )}
      <CaseSeats found={found} />
      <Card>
        <CardHeader title="What happened" />
        <CaseTimeline found={found} />
      </Card>
    </>
  );
}
