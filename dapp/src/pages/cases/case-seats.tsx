import type { IndexedCaseHistory, IndexedCaseSeat } from "@touchstone/sdk";
import type { Tolerances } from "@touchstone/sdk/protocol";
import { Amount } from "../../components/amount.tsx";
import { Empty, QueryView } from "../../components/states.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Card, CardHeader } from "../../components/ui/card.tsx";
import { Table, TableHead, Td, Tr } from "../../components/ui/table.tsx";
import { usePanel } from "../../hooks/use-cases.ts";
import { measureOf, thresholdsOf } from "../../lib/case-words.ts";

const COLUMNS = ["Tier", "Seat", "Said", "Tokens", "Mismatches", "Margin", "Distance", "Fine"];
const FIRST_TIER = 3;

/** Each seat with what it measured, beside what an honest machine may show at most. */
export function CaseSeats({ found }: { readonly found: IndexedCaseHistory }) {
  const panel = usePanel(found.model);
  return (
    <Card>
      <CardHeader
        title="Seats"
        description="Margin says how unlikely the answer is under the model, distance how far the provider's trace lies from what the model makes. Over a threshold speaks against the provider."
      />
      {found.seats.length === 0 ? (
        <Empty title="No seats are drawn yet">A coming block draws them; that takes about a minute.</Empty>
      ) : (
        <QueryView query={panel} what="The thresholds of the model">
          {({ tolerances }) => <SeatTable seats={found.seats} tolerances={tolerances} />}
        </QueryView>
      )}
    </Card>
  );
}

interface SeatTableProps {
  readonly seats: readonly IndexedCaseSeat[];
  readonly tolerances: Tolerances;
}

function SeatTable({ seats, tolerances }: SeatTableProps) {
  const thresholds = thresholdsOf(tolerances);
  return (
    <>
      <Table label="Seats of the case">
        <TableHead names={COLUMNS} />
        <tbody>
          {seats.map((seat) => (
            <SeatRow key={seat.position} seat={seat} tolerances={tolerances} />
          ))}
        </tbody>
      </Table>
      <p className="mt-3 text-muted text-xs">
        Thresholds of this model: margin {thresholds.margin.toPrecision(3)}, distance{" "}
        {thresholds.distance.toPrecision(3)}.
      </p>
    </>
  );
}

function SeatRow({ seat, tolerances }: { readonly seat: IndexedCaseSeat; readonly tolerances: Tolerances }) {
  const measure = seat.word === undefined ? undefined : measureOf(seat.word, tolerances);
  return (
    <Tr>
      <Td>{seat.position < FIRST_TIER ? 1 : 2}</Td>
      <Td>No. {seat.seat}</Td>
      <Td>
        <Said seat={seat} isOver={measure?.isOver} />
      </Td>
      <Td>{measure?.tokens ?? "–"}</Td>
      <Td>{measure?.mismatches ?? "–"}</Td>
      <Td>{measure?.margin.toPrecision(3) ?? "–"}</Td>
      <Td>{measure?.distance.toPrecision(3) ?? "–"}</Td>
      <Td>{seat.penalty === 0n ? "–" : <Amount value={seat.penalty} digits={2} />}</Td>
    </Tr>
  );
}

function Said({ seat, isOver }: { readonly seat: IndexedCaseSeat; readonly isOver: boolean | undefined }) {
  if (seat.denounced) {
    return <Badge tone="bad">Told too early</Badge>;
  }
  if (isOver !== undefined) {
    return <Badge tone={isOver ? "bad" : "good"}>{isOver ? "Over a threshold" : "As it should be"}</Badge>;
  }
  return <Badge>{seat.commitment === undefined ? "Nothing yet" : "Committed"}</Badge>;
}
