import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { cn } from "../lib/cn.ts";
import { Table, Td, Th, Tr } from "./ui/table.tsx";

/** A column: what it shows and what it is sorted by. Columns must be the same array from one rendering to the next. */
export interface DataColumn<Row> {
  readonly id: string;
  readonly name: string;
  /** Rows without a value come last, whichever way. */
  readonly value: (row: Row) => string | number | bigint | undefined;
  readonly cell: (row: Row) => ReactNode;
  readonly isFigure?: boolean;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sortedBy?: { readonly id: string; readonly desc: boolean };
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const ARIA = { asc: "ascending", desc: "descending" } as const;
const ICONS = { asc: ArrowUp, desc: ArrowDown } as const;

/** A table sorted by the head that is pressed; its first column stays while the rest scrolls. */
export function DataTable<Row extends object>({ label, columns, rows, rowKey, sortedBy }: DataTableProps<Row>) {
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    const sorted = columns.map(({ id, name, value }) =>
      helper.accessor((row) => value(row), {
        id,
        header: name,
        sortFn: sortFn_basic,
        sortDescFirst: false,
        sortUndefined: "last",
      }),
    );
    return helper.columns(sorted);
  }, [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowKey,
    enableSortingRemoval: false,
    ...(sortedBy !== undefined && { initialState: { sorting: [sortedBy] } }),
  });
  return (
    <Table label={label}>
      <thead>
        <tr>
          {table.getFlatHeaders().map(({ id, column }, index) => {
            const sorted = column.getIsSorted();
            return (
              <Th
                key={id}
                aria-sort={sorted === false ? "none" : ARIA[sorted]}
                className={cn("whitespace-normal align-bottom", frame(columns[index], index))}
              >
                <SortButton name={columns[index]?.name ?? id} sorted={sorted} sort={() => column.toggleSorting()} />
              </Th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <Tr key={row.id}>
            {columns.map((column, index) => (
              <Td key={column.id} className={frame(column, index)}>
                {column.cell(row.original)}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function SortButton(props: {
  readonly name: string;
  readonly sorted: false | "asc" | "desc";
  readonly sort: () => void;
}) {
  const Icon = props.sorted === false ? ChevronsUpDown : ICONS[props.sorted];
  return (
    <button
      type="button"
      onClick={props.sort}
      className={cn(
        "inline-flex items-end gap-1 text-inherit hover:text-foreground [text-align:inherit]",
        props.sorted !== false && "text-foreground",
      )}
    >
      {props.name}
      <Icon className={cn("size-3", props.sorted === false && "opacity-50")} aria-hidden />
    </button>
  );
}

function frame(column: { readonly isFigure?: boolean } | undefined, index: number): string {
  return cn("px-2", column?.isFigure && "text-right", index === 0 && "sticky left-0 z-10 bg-background");
}
