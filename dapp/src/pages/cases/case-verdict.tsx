import type { IndexedCaseHistory } from "@touchstone/sdk";
import { CircleCheck, CircleX, Gavel, type LucideIcon, Scale } from "lucide-react";
import { Link } from "react-router";
import { isAddressEqual } from "viem";
import { Countdown } from "../../components/time.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card } from "../../components/ui/card.tsx";
import { useCaseMoment, usePanel } from "../../hooks/use-cases.ts";
import { useNow } from "../../hooks/use-now.ts";
import { useWallet } from "../../hooks/use-wallet.ts";
import { caseProgress } from "../../lib/case-progress.ts";
import { countSentence, measureOf } from "../../lib/case-words.ts";
import { cn } from "../../lib/cn.ts";
import { type VerdictWords, verdictWords } from "../../lib/verdict.ts";

const LOOKS: Readonly<Record<VerdictWords["tone"], { readonly icon: LucideIcon; readonly className: string }>> = {
  neutral: { icon: Gavel, className: "text-muted" },
  gold: { icon: Scale, className: "text-gold" },
  good: { icon: CircleCheck, className: "text-good" },
  bad: { icon: CircleX, className: "text-bad" },
  warn: { icon: Scale, className: "text-warn" },
};

/** How the case ended, or what it waits for. */
export function CaseVerdict({ found }: { readonly found: IndexedCaseHistory }) {
  const { tone, headline, meaning } = verdictWords(found.verdict, found.isOpen);
  const { icon: Icon, className } = LOOKS[tone];
  return (
    <Card className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-3">
      <Icon className={cn("mt-0.5 size-7", className)} aria-hidden />
      <div className="grid gap-1">
        <div role="status" className="grid gap-1">
          <h2 className={cn("font-semibold text-lg", className)}>{headline}</h2>
          <p>{meaning}</p>
          <SeatCount found={found} />
        </div>
        {found.isOpen && <Progress found={found} />}
      </div>
    </Card>
  );
}

/** What the seats found, in one sentence. */
function SeatCount({ found: { model, seats } }: { readonly found: IndexedCaseHistory }) {
  const { data: panel } = usePanel(model);
  const sentence =
    panel &&
    countSentence(seats.flatMap(({ word }) => (word === undefined ? [] : [measureOf(word, panel.tolerances)])));
  return sentence === undefined ? null : <p className="text-muted text-sm">{sentence}</p>;
}

/** What comes next, until when, and who can still do something. */
function Progress({ found }: { readonly found: IndexedCaseHistory }) {
  const { data } = useCaseMoment(found);
  const { address } = useWallet();
  const now = useNow();
  const progress = data && caseProgress({ ...data, now });
  if (progress === undefined) {
    return null;
  }
  const isClient = address !== undefined && isAddressEqual(address, found.client);
  return (
    <div className="mt-1 grid gap-2 border-t pt-3 text-sm">
      <p>
        <span className="font-medium">Now:</span> <span aria-live="polite">{progress.sentence}</span>
        {progress.until !== undefined && (
          <span className="text-muted">
            {" "}
            Time left: <Countdown until={progress.until} over="none" />.
          </span>
        )}
      </p>
      {progress.mayAppeal && isClient && (
        <Button asChild size="sm" className="justify-self-start">
          <Link to={`/jobs/${found.job}`}>Appeal on the page of the job</Link>
        </Button>
      )}
    </div>
  );
}
