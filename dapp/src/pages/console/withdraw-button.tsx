import type { ReactNode } from "react";
import { Amount } from "../../components/amount.tsx";
import { Countdown } from "../../components/time.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useAct } from "../../hooks/use-act.ts";
import { useNow } from "../../hooks/use-now.ts";

export interface WithdrawButtonProps {
  /** "Stake", "Bond". */
  readonly what: string;
  /** Token units. */
  readonly amount: bigint;
  /** From when on it works. Unix seconds. */
  readonly at: number;
  /** What else stands in the way. */
  readonly hindrance?: string | undefined;
  readonly note?: ReactNode;
  readonly run: () => Promise<unknown>;
}

/** Money that was asked back: counts down, then takes it into the balance. */
export function WithdrawButton({ what, amount, at, hindrance, note, run }: WithdrawButtonProps) {
  const now = useNow();
  const isFree = hindrance === undefined;
  const isDue = now > at && isFree;
  const act = useAct({ name: `Withdraw ${what.toLowerCase()}`, run, done: `${what} is in your balance again.` });
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border bg-raised/60 p-3 text-sm">
      <div className="grid gap-0.5">
        <p>
          <Amount value={amount} className="font-medium" />{" "}
          {isDue ? (
            "can be withdrawn now."
          ) : !isFree ? (
            "cannot be withdrawn yet."
          ) : (
            <>
              can be withdrawn in <Countdown until={at} />.
            </>
          )}
        </p>
        {(hindrance ?? note) !== undefined && <p className="text-muted text-xs">{hindrance ?? note}</p>}
      </div>
      <Button
        size="sm"
        variant={isDue ? "primary" : "outline"}
        disabled={!isDue}
        isBusy={act.isPending}
        onClick={() => act.mutate()}
      >
        Withdraw
      </Button>
    </div>
  );
}
