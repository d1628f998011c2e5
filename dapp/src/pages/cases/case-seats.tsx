import type { IndexedCaseHistory, IndexedCaseSeat } from "@touchstone/sdk";
import { FIRST_TIER_SEATS, type Tolerances, Verdict } from "@touchstone/sdk/protocol";
import { Amount } from "../../components/amount.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Table, Td, Th, Tr } from "../../components/ui/table.tsx";
import { usePanel } from "../../hooks/use-cases.ts";
import { measureOf, type SeatMeasure, thresholdsOf } from "../../lib/case-words.ts";
import { cn } from "../../lib/cn.ts";
import { formatCount } from "../../lib/format.ts";

const FIGURES = ["Tokens", "Mismatches", "Margin", "Distance", "Fine"];
const MARGIN_DIGITS = 6;
const DISTANCE_DIGITS = 4;

/** Each seat with what it measured, beside what an honest machine may show at most. */
export function CaseSeats({ found }: { readonly found: IndexedCaseHistory }) {
  const panel = usePanel(found.model);
  return (
    <Card>
      <CardHeader
        title="Seats"
        description="Each ran the model over the same answers on a machine of its own. Mismatches are tokens that the model would have chosen otherwise; margin says how unlikely the answers are under the model, distance how far the provider's record of its work lies from what the model does. An honest machine stays within the limits."
      />
      {found.seats.length === 0 ? (
        <Empty title={found.isOpen ? "No seats are drawn yet" : "No seats were drawn"}>
          {found.isOpen ? "A coming block draws them; that takes a moment." : "The case was over before."}
        </Empty>
      ) : (
        <QueryView query={panel} what="The limits of the model">
          {({ tolerances }) => <SeatTable found={found} tolerances={tolerances} />}
        </QueryView>
      )}
    </Card>
  );
}

interface SeatTableProps {
  readonly found: IndexedCaseHistory;
  readonly tolerances: Tolerances;
}

function SeatTable({ found: { seats, isOpen, verdict }, tolerances }: SeatTableProps) {
  const limits = thresholdsOf(tolerances);
  const tiers = [
    { name: "The first three", seats: seats.filter(({ position }) => position < FIRST_TIER_SEATS) },
    { name: "Nine more, who decide", seats: seats.filter(({ position }) => position >= FIRST_TIER_SEATS) },
  ].filter((tier) => tier.seats.length > 0);
  return (
    <Table label="Seats of the case">
      <thead>
        <tr>
          <Th>Seat</Th>
          <Th>Found</Th>
          {FIGURES.map((name) => (
            <Th key={name} className="text-right">
              {name}
            </Th>
          ))}
        </tr>
        <tr className="text-muted text-xs">
          <Th colSpan={4}>Limit</Th>
          <Td className="py-2 text-right">{limits.margin.toFixed(MARGIN_DIGITS)}</Td>
          <Td className="py-2 text-right">{limits.distance.toFixed(DISTANCE_DIGITS)}</Td>
          <Td className="py-2" />
        </tr>
      </thead>
      {tiers.map((tier) => (
        <tbody key={tier.name}>
          <tr>
            <Th scope="rowgroup" colSpan={2 + FIGURES.length} className="pt-4 text-foreground">
              {tier.name}
            </Th>
          </tr>
          {tier.seats.map((seat) => (
            <SeatRow key={seat.position} {...{ seat, tolerances, limits, isOpen, verdict }} />
          ))}
        </tbody>
      ))}
    </Table>
  );
}

interface SeatRowProps {
  readonly seat: IndexedCaseSeat;
  readonly tolerances: Tolerances;
  readonly limits: { readonly margin: number; readonly distance: number };
  readonly isOpen: boolean;
  readonly verdict: Verdict;
}

function SeatRow({ seat, tolerances, limits, isOpen, verdict }: SeatRowProps) {
  const measure = seat.word === undefined ? undefined : measureOf(seat.word, tolerances);
  const { margin = 0, distance = 0 } = measure ?? {};
  return (
    <Tr>
      <Td>No. {seat.seat}</Td>
      <Td>
        <Found {...{ seat, measure, isOpen, verdict }} />
      </Td>
      <Td className="text-right">{measure === undefined ? "–" : formatCount(measure.tokens)}</Td>
      <Td className="text-right">{measure === undefined ? "–" : formatCount(measure.mismatches)}</Td>
      <Td className={figure(margin > limits.margin)}>{measure?.margin.toFixed(MARGIN_DIGITS) ?? "–"}</Td>
      <Td className={figure(distance > limits.distance)}>{measure?.distance.toFixed(DISTANCE_DIGITS) ?? "–"}</Td>
      <Td className={figure(seat.penalty > 0n)}>{seat.penalty === 0n ? "–" : <Amount value={seat.penalty} />}</Td>
    </Tr>
  );
}

function figure(isBad: boolean): string {
  return cn("text-right", isBad && "text-bad");
}

interface FoundProps {
  readonly seat: IndexedCaseSeat;
  readonly measure: SeatMeasure | undefined;
  readonly isOpen: boolean;
  readonly verdict: Verdict;
}

/** What a seat said, or where it is. */
function Found({ seat, measure, isOpen, verdict }: FoundProps) {
  if (seat.denounced) {
    return <Badge tone="bad">Told too early</Badge>;
  }
  if (measure !== undefined) {
    return (
      <Badge tone={measure.isOver ? "bad" : "good"}>{measure.isOver ? "Over a limit" : "Within the limits"}</Badge>
    );
  }
  if (!isOpen) {
    return <Badge>{verdict === Verdict.Withheld ? "Was shown nothing" : "Told nothing"}</Badge>;
  }
  return <Badge>{seat.commitment === undefined ? "Is checking" : "Has checked"}</Badge>;
}
