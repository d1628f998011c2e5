import type { GetSeatReturnType, IndexedSeat } from "@touchstone/sdk";
import { Amount } from "../../components/amount.tsx";
import { Fact, Facts } from "../../components/page.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { useAct } from "../../hooks/use-act.ts";
import type { MarketWallet } from "../../hooks/use-wallet.ts";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { seatFreeAt } from "../../lib/stake.ts";
import { AmountForm } from "./amount-form.tsx";
import { SeatPanels } from "./seat-panels.tsx";
import type { Parameters } from "./use-console.ts";
import { WithdrawButton } from "./withdraw-button.tsx";

export interface SeatCardProps {
  readonly wallet: MarketWallet;
  readonly balance: bigint;
  readonly seat: GetSeatReturnType;
  /** What happened to it; nothing where the account has none. */
  readonly history: IndexedSeat | undefined;
  readonly parameters: Parameters;
}

/** The account as a validator: its seat, the panels it serves on, what it earned. */
export function SeatCard({ wallet, balance, seat, history, parameters }: SeatCardProps) {
  const { seatStake, seatFee, seatUnbonding, absentPenalty } = parameters.court;
  const panels = history?.panels ?? [];
  const freeAt = seatFreeAt({ panels }, seatUnbonding);
  const lack = seat.stake < seatStake ? seatStake - seat.stake : undefined;
  return (
    <Card>
      <CardHeader
        title={seat.seat === 0 ? "Validator seat" : `Validator seat ${seat.seat}`}
        description="A seat checks results of others when it is drawn, and is paid for each check whatever it says. Your node does the work."
      />
      <div className="grid grid-cols-1 gap-5">
        <SeatFacts seat={seat} history={history} seatFee={seatFee} />
        <Credit wallet={wallet} credit={seat.credit} />
        <AmountForm
          key={String(lack)}
          label={seat.seat === 0 ? "Take a seat" : "Stake more on the seat"}
          action="Stake"
          initial={lack !== undefined && lack <= balance ? lack : undefined}
          min={lack}
          minIs="what is missing to a seat's stake"
          isFromBalance
          max={balance}
          hint={
            <>
              A seat needs <Amount value={seatStake} />. From your balance in the market: <Amount value={balance} />.
            </>
          }
          run={(amount) => wallet.stakeSeat({ amount })}
          done="staked on the seat"
        />
        {lack === undefined && <SeatPanels wallet={wallet} panels={panels} absentPenalty={absentPenalty} />}
        {seat.stake > 0n && (
          <WithdrawButton
            what="Seat stake"
            amount={seat.stake}
            at={freeAt ?? 0}
            hindrance={
              freeAt === undefined
                ? `The seat serves on a panel. Leave all panels first; ${formatDuration(seatUnbonding)} later its stake is free.`
                : undefined
            }
            run={() => wallet.withdrawSeat()}
          />
        )}
      </div>
    </Card>
  );
}

function Credit({ wallet, credit }: { readonly wallet: MarketWallet; readonly credit: bigint }) {
  const claim = useAct({
    name: "Claim",
    run: () => wallet.claimCredit(),
    done: "What the pool had of it is in your balance.",
  });
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border bg-raised/60 p-3 text-sm">
      <p>
        <Amount value={credit} className="font-medium" /> earned as a seat or by opening cases, not claimed yet.
      </p>
      <Button size="sm" disabled={credit === 0n} isBusy={claim.isPending} onClick={() => claim.mutate()}>
        Claim
      </Button>
    </div>
  );
}

function SeatFacts({ seat, history, seatFee }: Pick<SeatCardProps, "seat" | "history"> & { readonly seatFee: bigint }) {
  return (
    <Facts>
      <Fact name="Staked on the seat">
        <Amount value={seat.stake} />
      </Fact>
      <Fact name="Paid for each check">
        <Amount value={seatFee} />
      </Fact>
      <Fact name="Drawn, and checked">
        {formatCount(history?.cases ?? 0)}, {formatCount(history?.reveals ?? 0)}
      </Fact>
      <Fact name="Lost">
        <Amount value={history?.penalised ?? 0n} />
      </Fact>
    </Facts>
  );
}
