import { Server } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { DataTable } from "../../components/data-table.tsx";
import { Page } from "../../components/page.tsx";
import { Empty, Failed, QueryView } from "../../components/states.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "../../components/ui/tabs.tsx";
import { useToken } from "../../hooks/use-token.ts";
import { explain } from "../../lib/explain.ts";
import { filterProviders, hasNode, NO_FILTER, type ProviderFilter, type ProviderRow } from "../../lib/provider-rows.ts";
import { ProviderCards } from "./provider-cards.tsx";
import { PROVIDER_COLUMNS } from "./provider-columns.tsx";
import { ProviderFilters } from "./provider-filters.tsx";
import { RegionView } from "./region-view.tsx";
import { UnreachableList } from "./unreachable-list.tsx";
import { useProviderRows } from "./use-provider-rows.ts";

/** Who sells, at which price, and how that went so far. */
export function ProvidersPage() {
  const [filter, setFilter] = useState<ProviderFilter>(NO_FILTER);
  const { query, cards, records } = useProviderRows(filter.model);
  return (
    <Page title="Providers" description="Who runs models here: what they ask, how fast they are, and how they did.">
      <QueryView query={query} what="The providers" rows={5}>
        {(rows) => (
          <>
            {cards.error !== null && cards.data === undefined && (
              <Failed what="What providers say of themselves" error={cards.error} retry={cards.refetch} />
            )}
            {records.data === undefined && <HistoryNote error={records.error} retry={records.refetch} />}
            {rows.length === 0 ? <NoProviders /> : <ProviderViews rows={rows} filter={filter} setFilter={setFilter} />}
          </>
        )}
      </QueryView>
    </Page>
  );
}

interface ProviderViewsProps {
  readonly rows: readonly ProviderRow[];
  readonly filter: ProviderFilter;
  readonly setFilter: (filter: ProviderFilter) => void;
}

function ProviderViews({ rows, filter, setFilter }: ProviderViewsProps) {
  const shown = filterProviders(rows, filter);
  const all = rows.filter((row) => filter.isEveryone || hasNode(row));
  const none = all.length === 0 ? <NoProviders /> : <NoMatch clear={() => setFilter(NO_FILTER)} />;
  return (
    <>
      <ProviderFilters rows={rows} filter={filter} onChange={setFilter} />
      <p role="status" className="sr-only">
        {shown.length} of {all.length} providers shown
      </p>
      <Tabs defaultValue="table">
        <TabsList aria-label="How to show them">
          <TabsTrigger value="table">List</TabsTrigger>
          <TabsTrigger value="regions">Regions</TabsTrigger>
        </TabsList>
        <TabsContent value="table" className="pt-4">
          {shown.length === 0 ? none : <ProviderTable rows={shown} />}
        </TabsContent>
        <TabsContent value="regions" className="pt-4">
          {shown.length === 0 ? none : <RegionView rows={shown} />}
        </TabsContent>
      </Tabs>
      <UnreachableList rows={rows} />
    </>
  );
}

function ProviderTable({ rows }: { readonly rows: readonly ProviderRow[] }) {
  const token = useToken();
  return (
    <div className="grid gap-3">
      <div className="hidden min-w-0 md:block">
        <DataTable
          label="Providers"
          columns={PROVIDER_COLUMNS}
          rows={rows}
          rowKey={({ address }) => address}
          sortedBy={{ id: "price", desc: false }}
        />
      </div>
      <div className="md:hidden">
        <ProviderCards rows={rows} />
      </div>
      <p className="max-w-prose text-muted text-xs">
        {token !== undefined && `Amounts are in ${token.symbol}. `}
        Stake, exposure, jobs and cases are from the chain. Prices, speed, region, hardware and when it started are the
        provider's own word. “Answered you” counts this browser's own checks over the last seven days, made while one of
        these pages was open.
      </p>
    </div>
  );
}

/** Why the columns that the index fills are empty. */
function HistoryNote({ error, retry }: { readonly error: Error | null; readonly retry: () => unknown }) {
  if (error === null) {
    return (
      <p role="status" className="text-muted text-sm">
        Jobs and cases come from the market's history, which is being read.
      </p>
    );
  }
  return (
    <Alert
      tone="warn"
      title={`The market's history could not be read. ${explain(error).title}.`}
      actions={
        <Button size="sm" onClick={() => void retry()}>
          Try again
        </Button>
      }
    >
      Jobs, cases and audited models are not shown. What providers say of themselves is.
    </Alert>
  );
}

function NoMatch({ clear }: { readonly clear: () => void }) {
  return (
    <Empty icon={Server} title="No provider is like that" actions={<Button onClick={clear}>Show all</Button>}>
      Ask for less: another model, another region, or none.
    </Empty>
  );
}

function NoProviders() {
  return (
    <Empty
      icon={Server}
      title="Nobody sells here yet"
      actions={
        <Button variant="primary" asChild>
          <Link to="/console">Run a provider</Link>
        </Button>
      }
    >
      Providers appear once they put down a stake or publish what they offer.
    </Empty>
  );
}
