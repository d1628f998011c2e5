import type { IndexedJob } from "@touchstone/sdk";
import { useState } from "react";
import { Failed } from "../../components/states.tsx";
import { Countdown } from "../../components/time.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useWallet } from "../../hooks/use-wallet.ts";
import { type JobAction, possibleActions } from "../../lib/job-actions.ts";
import { actionWords } from "../../lib/job-words.ts";
import { ActionDialog } from "./action-dialog.tsx";
import { useJobContext } from "./use-job.ts";

/** What the connected account may do about the job now; nothing is shown where there is nothing. */
export function JobActions({ job }: { readonly job: IndexedJob }) {
  const { address, wallet } = useWallet();
  const { context, error, refetch } = useJobContext(job, address);
  const [open, setOpen] = useState<JobAction>();
  const actions = context === undefined ? [] : possibleActions(job, context);
  if (address !== undefined && context === undefined && error !== null) {
    return <Failed what="What you can do" error={error} retry={refetch} />;
  }
  if (actions.length === 0 && open === undefined) {
    return null;
  }
  return (
    <Card>
      <CardHeader title="What you can do" />
      <ul className="grid gap-3">
        {actions.map((action) => (
          <li key={`${action.name}${action.key ?? ""}`} className="grid gap-1">
            <Button onClick={() => setOpen(action)}>{actionWords(action.name).label}</Button>
            {action.until !== undefined && (
              <span className="text-center text-muted text-xs">
                for <Countdown until={action.until} over="no longer" />
              </span>
            )}
          </li>
        ))}
      </ul>
      {open !== undefined && (
        <ActionDialog
          key={open.name}
          {...{ job, wallet }}
          action={open}
          isStillPossible={actions.some(({ name, key }) => name === open.name && key === open.key)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Card>
  );
}
