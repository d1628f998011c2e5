import type { IndexedJob } from "@touchstone/sdk";
import { useState } from "react";
import { Amount } from "../../components/amount.tsx";
import { WrongChain } from "../../components/require-wallet.tsx";
import { Alert } from "../../components/ui/alert.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input } from "../../components/ui/input.tsx";
import { useMarketAccount } from "../../hooks/use-account.ts";
import { useAct } from "../../hooks/use-act.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { type JobAction, type JobActionName, nextItem } from "../../lib/job-actions.ts";
import { actionWords, moneyOf } from "../../lib/job-words.ts";

export interface ActionDialogProps {
  readonly job: IndexedJob;
  readonly wallet: MarketWallet | undefined;
  readonly action: JobAction;
  /** Whether the time for it is not over meanwhile. */
  readonly isStillPossible: boolean;
  readonly onClose: () => void;
}

const HAS_ITEM: readonly JobActionName[] = ["demand", "challenge"];

/** What an action does and costs, and its confirmation. */
export function ActionDialog({ job, wallet, action, isStillPossible, onClose }: ActionDialogProps) {
  const words = actionWords(action.name);
  const [item, setItem] = useState(String(nextItem(action) + 1));
  const index = Number(item) - 1;
  const problem = HAS_ITEM.includes(action.name) ? itemProblem(index, job, action) : undefined;
  const { data: account } = useMarketAccount(wallet?.account.address);
  const isShort = account !== undefined && account.balance < action.cost;
  const act = useAct({
    name: words.label,
    run: () => perform(wallet as MarketWallet, job, action, index),
    done: words.done,
    onDone: onClose,
  });
  const isReady = wallet !== undefined && problem === undefined && !isShort && isStillPossible;
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={words.label} description={words.sentence}>
      {HAS_ITEM.includes(action.name) && (
        <Field
          label={action.name === "challenge" ? "From which item on" : "Which item"}
          hint={`1 to ${job.items}`}
          error={problem}
        >
          {(control) => (
            <Input {...control} inputMode="numeric" value={item} onChange={({ target }) => setItem(target.value)} />
          )}
        </Field>
      )}
      {words.money !== undefined && (
        <p className="text-sm">
          {words.money} <Amount value={moneyOf(action)} digits={6} className="font-medium" />.
        </p>
      )}
      {isShort && (
        <Alert tone="warn" title="Not enough free in the market">
          You have <Amount value={account.balance} digits={6} />. Close this and add some by Funds at the top.
        </Alert>
      )}
      {!isStillPossible && !act.isPending && (
        <Alert tone="warn" title="The time for it is over, or somebody was faster" />
      )}
      {wallet === undefined && <WrongChain />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <Button variant="primary" disabled={!isReady} isBusy={act.isPending} onClick={() => act.mutate()}>
          {words.label}
        </Button>
      </div>
    </Dialog>
  );
}

function itemProblem(index: number, { items }: IndexedJob, { taken }: JobAction): string | undefined {
  if (!Number.isInteger(index) || index < 0 || index >= items) {
    return items === 1 ? "The job has one item: write 1." : `Write a whole number from 1 to ${items}.`;
  }
  return taken.includes(index) ? "There was a case about this item already: choose another one." : undefined;
}

/** The transaction behind an action. */
async function perform(
  wallet: MarketWallet,
  { id: job }: IndexedJob,
  action: JobAction,
  item: number,
): Promise<unknown> {
  switch (action.name) {
    case "cancel":
      return await wallet.cancelJob({ job });
    case "expire":
      return await wallet.expireJob({ job });
    case "settle":
      return await wallet.settleJob({ job });
    case "openCase":
      return await wallet.openDrawnCase({ job });
    case "demand":
      return await wallet.demandItem({ job, item });
    case "endDemand":
      return await wallet.defaultDemand({ job });
    case "challenge":
      return await wallet.challengeResult({ job, item });
    case "appeal":
      return await wallet.appealCase({ job, key: action.key });
  }
}
