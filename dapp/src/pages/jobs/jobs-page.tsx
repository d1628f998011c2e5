import { ListChecks, Plus } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { Page } from "../../components/page.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card } from "../../components/ui/card.tsx";
import { Switch } from "../../components/ui/switch.tsx";
import { useWallet } from "../../hooks/use-wallet.ts";
import { JobsTable } from "./jobs-table.tsx";
import { useJobs } from "./use-jobs.ts";

const PAGE = 50;
const MOST = 1_000;

/** The jobs of whoever is connected, or of everybody. */
export function JobsPage() {
  const { address } = useWallet();
  const [isAll, setAll] = useState(false);
  const [first, setFirst] = useState(PAGE);
  const isMine = address !== undefined && !isAll;
  const jobs = useJobs(isMine ? address : undefined, first);
  return (
    <Page
      title="Jobs"
      description="Many prompts at once: paid from escrow when the answers are on chain, and yours to check."
      actions={<NewJobButton />}
    >
      <Card className="grid gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 className="font-semibold">{isMine ? "Your jobs" : "All jobs of the market"}</h2>
          {address !== undefined && (
            <label htmlFor="all-jobs" className="flex items-center gap-2 text-muted text-sm">
              Of everybody
              <Switch id="all-jobs" checked={isAll} onCheckedChange={setAll} />
            </label>
          )}
        </div>
        <QueryView query={jobs} what="The jobs" rows={5}>
          {(found) => (
            <>
              {found.length === 0 ? <NoJobs isMine={isMine} /> : <JobsTable jobs={found} />}
              {found.length === first && first < MOST && (
                <Button size="sm" className="justify-self-center" onClick={() => setFirst(Math.min(MOST, first * 2))}>
                  Show more
                </Button>
              )}
            </>
          )}
        </QueryView>
      </Card>
    </Page>
  );
}

function NoJobs({ isMine }: { readonly isMine: boolean }) {
  return (
    <Empty
      icon={ListChecks}
      title={isMine ? "You have no jobs yet" : "Nobody posted a job yet"}
      actions={<NewJobButton />}
    >
      Paste a list of prompts, see what it costs, and have them all answered.
    </Empty>
  );
}

function NewJobButton() {
  return (
    <Button asChild variant="primary">
      <Link to="/jobs/new">
        <Plus aria-hidden />
        New job
      </Link>
    </Button>
  );
}
