import type { IndexedCaseHistory, IndexedStep } from "@touchstone/sdk";
import { TransactionLink } from "../../components/hash.tsx";
import { Time } from "../../components/time.tsx";
import { groupSteps, type StepGroup, stepSentence } from "../../lib/case-words.ts";
import { verdictWords } from "../../lib/verdict.ts";

/** The steps of a case, oldest first, each with its transaction; what several seats did in a row is one step. */
export function CaseTimeline({ found: { steps, verdict, isOpen } }: { readonly found: IndexedCaseHistory }) {
  const { name } = verdictWords(verdict, isOpen);
  return (
    <ol className="ml-1 grid gap-3 border-l pl-4 text-sm">
      {groupSteps(steps).map((group) => (
        <li key={`${group[0].transaction}/${group[0].logIndex}`} className="relative">
          <span aria-hidden className="absolute top-1.5 -left-[1.3rem] size-2 rounded-full bg-control" />
          <p>
            {stepSentence(group[0].kind, group.length)}
            {group[0].kind === "CaseClosed" && `: ${name.toLowerCase()}`}
          </p>
          {group.length === 1 ? <Place step={group[0]} /> : <Places group={group} />}
        </li>
      ))}
    </ol>
  );
}

function Place({ step: { timestamp, block, transaction } }: { readonly step: IndexedStep }) {
  return (
    <p className="flex flex-wrap gap-x-3 text-muted text-xs">
      <Time at={timestamp} /> <span>block {block.toString()}</span> <TransactionLink hash={transaction} />
    </p>
  );
}

function Places({ group }: { readonly group: StepGroup }) {
  return (
    <details className="text-muted text-xs">
      <summary className="cursor-pointer">
        <Time at={group.at(-1)?.timestamp} />, {group.length} transactions
      </summary>
      <ol className="mt-1 grid gap-1">
        {group.map((step) => (
          <li key={`${step.transaction}/${step.logIndex}`}>
            <Place step={step} />
          </li>
        ))}
      </ol>
    </details>
  );
}
