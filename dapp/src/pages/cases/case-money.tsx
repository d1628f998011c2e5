import type { IndexedCaseHistory } from "@touchstone/sdk";
import { Amount } from "../../components/amount.tsx";
import { QueryView } from "../../components/states.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useCaseMoney } from "../../hooks/use-cases.ts";
import { cn } from "../../lib/cn.ts";
import type { MoneyLine, Party } from "../../lib/verdict-money.ts";

const PARTIES: Readonly<Record<Party, string>> = {
  client: "Client",
  provider: "Provider",
  seats: "Seats",
  nobody: "Nobody",
};

/** Who gained and lost what by a case that is over. */
export function CaseMoney({ found }: { readonly found: IndexedCaseHistory }) {
  const money = useCaseMoney(found);
  return (
    <Card>
      <CardHeader title="Who gained, who lost" />
      <QueryView query={money} what="The sums" rows={3}>
        {(lines) => <Lines lines={lines} />}
      </QueryView>
    </Card>
  );
}

function Lines({ lines }: { readonly lines: readonly MoneyLine[] }) {
  if (lines.length === 0) {
    return <p className="text-muted text-sm">Nobody gained or lost anything by it.</p>;
  }
  return (
    <dl className="grid gap-x-4 text-sm">
      {lines.map(({ party, what, amount }, place) => {
        const isFirst = lines[place - 1]?.party !== party;
        return (
          <div
            key={`${party}${what}`}
            className={cn(
              "grid grid-cols-[4.5rem_1fr_auto] gap-x-3 py-1",
              isFirst && place > 0 && "mt-1 border-t pt-2",
            )}
          >
            <dt className="contents">
              <span className={cn("font-medium", !isFirst && "sr-only")}>{PARTIES[party]}</span>
              {!isFirst && <span aria-hidden />}
              <span className="text-muted">{what}</span>
            </dt>
            <dd className={cn("text-right", toneOf(party, amount))}>
              {amount > 0n && party !== "nobody" && "+"}
              <Amount value={amount} digits={6} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function toneOf(party: Party, amount: bigint): string {
  return party === "nobody" ? "text-muted" : amount > 0n ? "text-good" : "text-bad";
}
