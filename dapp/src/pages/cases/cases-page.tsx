import type { CaseQuery, IndexedCase } from "@touchstone/sdk";
import { Gavel } from "lucide-react";
import { useState } from "react";
import { Amount } from "../../components/amount.tsx";
import { Hash } from "../../components/hash.tsx";
import { Page } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Table, Td, Th, Tr } from "../../components/ui/table.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../../components/ui/tabs.tsx";
import { useCases } from "../../hooks/use-cases.ts";
import { useModelName } from "../../hooks/use-model-name.ts";
import { useProviderName } from "../../hooks/use-provider.ts";
import { tierWords } from "../../lib/case-words.ts";
import { verdictWords } from "../../lib/verdict.ts";

const VIEWS = { all: {}, open: { isOpen: true }, over: { isOpen: false } } as const satisfies Record<string, CaseQuery>;
const PAGE = 50;

/** What the court tries, and tried. */
export function CasesPage() {
  return (
    <Page
      title="Cases"
      description="Validators drawn by chance run the model again and say what they measure. The court computes its verdict from that; nobody decides by hand."
    >
      <Tabs defaultValue="all">
        <TabsList aria-label="Which cases">
          <TabsTrigger value="all">All</TabsTrigger>
          <TabsTrigger value="open">Open</TabsTrigger>
          <TabsTrigger value="over">Over</TabsTrigger>
        </TabsList>
        {Object.entries(VIEWS).map(([view, query]) => (
          <TabsContent key={view} value={view} className="pt-4">
            <CaseList query={query} />
          </TabsContent>
        ))}
      </Tabs>
    </Page>
  );
}

function CaseList({ query }: { readonly query: CaseQuery }) {
  const [first, setFirst] = useState(PAGE);
  const cases = useCases({ ...query, first });
  return (
    <QueryView query={cases} what="The cases" rows={4}>
      {(found) =>
        found.length === 0 ? (
          <Empty icon={Gavel} title="No cases here">
            A case begins when the draw picks a job, or when a buyer challenges a result.
          </Empty>
        ) : (
          <div className="grid gap-3">
            <CaseTable cases={found} />
            {found.length === first && (
              <Button className="justify-self-center" onClick={() => setFirst(Math.min(1_000, first + PAGE))}>
                Show more
              </Button>
            )}
          </div>
        )
      }
    </QueryView>
  );
}

function CaseTable({ cases }: { readonly cases: readonly IndexedCase[] }) {
  return (
    <Table label="Cases">
      <thead>
        <tr>
          <Th>Case</Th>
          <Th>Verdict</Th>
          <Th>About</Th>
          <Th>Model</Th>
          <Th>Provider</Th>
          <Th>Who judges</Th>
          <Th className="text-right">Lost by the provider</Th>
          <Th className="text-right">Opened</Th>
        </tr>
      </thead>
      <tbody>
        {cases.map((one) => (
          <CaseRow key={one.id} one={one} />
        ))}
      </tbody>
    </Table>
  );
}

function CaseRow({ one }: { readonly one: IndexedCase }) {
  const modelName = useModelName();
  const providerName = useProviderName();
  const { name, tone } = verdictWords(one.verdict, one.isOpen);
  return (
    <Tr>
      <Td>
        <Hash value={one.id} name="case id" to={`/cases/${one.id}`} />
      </Td>
      <Td>
        <Badge tone={tone}>{name}</Badge>
      </Td>
      <Td>{one.isReceipt ? "A live call" : <Hash value={one.job} name="job id" to={`/jobs/${one.job}`} />}</Td>
      <Td>{modelName(one.model)}</Td>
      <Td>
        <Hash
          value={one.provider}
          name="provider"
          to={`/providers/${one.provider}`}
          label={providerName(one.provider)}
        />
      </Td>
      <Td>{tierWords(one.tier)}</Td>
      <Td className="text-right">{one.slashed === 0n ? "–" : <Amount value={one.slashed} />}</Td>
      <Td className="text-right text-muted">
        <Time at={one.openedAt} />
      </Td>
    </Tr>
  );
}
