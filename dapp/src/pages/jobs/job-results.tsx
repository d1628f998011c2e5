import type { IndexedJob } from "@touchstone/sdk";
import { SEALED } from "@touchstone/sdk/protocol";
import { Download } from "lucide-react";
import { useState } from "react";
import { Hash } from "../../components/hash.tsx";
import { QueryView } from "../../components/states.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Table, Td, Th, Tr } from "../../components/ui/table.tsx";
import { useListedProviders } from "../../hooks/use-providers.ts";
import { type ResultRow, resultsToCsv, resultsToJsonl } from "../../lib/export-results.ts";
import { formatCount } from "../../lib/format.ts";
import { saveFile } from "../../lib/save-file.ts";
import { sourcesOf, useResults } from "./use-results.ts";

export interface JobResultsProps {
  readonly job: IndexedJob;
  /** Of the provider's node. */
  readonly endpoint: string | undefined;
}

/** The answers, and ways to save them. */
export function JobResults({ job, endpoint }: JobResultsProps) {
  const results = useResults(job, endpoint);
  const { isPending, refetch } = useListedProviders();
  if (sourcesOf(job, endpoint).length === 0 && !isPending) {
    return (
      <Card>
        <CardHeader title="Answers" />
        <Alert
          tone="warn"
          title="The provider cannot be reached"
          actions={
            <Button size="sm" onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          Its card says no address now.
          {job.endedAt === undefined &&
            " If it stays away, its client can demand an item on chain while there is time."}
        </Alert>
      </Card>
    );
  }
  return (
    <Card>
      <CardHeader
        title="Answers"
        description="Every byte is checked against the root on chain before it is shown."
        actions={results.data !== undefined && <Downloads job={job} rows={results.data} />}
      />
      {(job.flags & SEALED) !== 0 && results.data === undefined && (
        <Alert className="mb-3">The job is sealed: only its client can read it, with the key it was made with.</Alert>
      )}
      <QueryView query={results} what="The answers" rows={Math.min(job.items, 4)}>
        {(rows) => <ResultTable rows={rows} />}
      </QueryView>
    </Card>
  );
}

function Downloads({ job, rows }: { readonly job: IndexedJob; readonly rows: readonly ResultRow[] }) {
  const name = `job-${job.id.slice(2, 10)}`;
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" onClick={() => saveFile(`${name}.jsonl`, resultsToJsonl(rows), "application/jsonl")}>
        <Download aria-hidden />
        JSON Lines
      </Button>
      <Button size="sm" onClick={() => saveFile(`${name}.csv`, resultsToCsv(rows), "text/csv")}>
        <Download aria-hidden />
        CSV
      </Button>
    </div>
  );
}

const SHOWN = 25;

function ResultTable({ rows }: { readonly rows: readonly ResultRow[] }) {
  const [shown, setShown] = useState(SHOWN);
  const hasPrompts = rows.some(({ prompt }) => prompt !== undefined);
  return (
    <div className="grid gap-3">
      {!hasPrompts && <p className="text-muted text-sm">The prompts are not to be had any more; the answers are.</p>}
      <Table label="Answers" className="min-w-[34rem]">
        <thead>
          <tr>
            <Th className="w-10 text-right">Item</Th>
            {hasPrompts && <Th>Prompt</Th>}
            <Th>Answer</Th>
            <Th>Hash of the answer</Th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <Tr key={row.index}>
              <Td className="text-right align-top text-muted">{row.index + 1}</Td>
              {hasPrompts && <Td className="min-w-40 whitespace-pre-wrap align-top">{row.prompt ?? "–"}</Td>}
              <Td className="min-w-56 whitespace-pre-wrap align-top">
                {row.answer ?? <span className="text-bad">{row.error}</span>}
              </Td>
              <Td className="align-top">
                <Hash value={row.outputHash} name="hash of the answer" />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {rows.length > shown && (
        <Button size="sm" className="justify-self-center" onClick={() => setShown(shown * 4)}>
          Show more of {formatCount(rows.length)}
        </Button>
      )}
    </div>
  );
}
