import Papa from "papaparse";

/** One column of a CSV whose first line names its columns. */
export interface CsvTable {
  readonly columns: readonly string[];
  /** Which was read; nothing where there are none. */
  readonly column: string | undefined;
  /** What is in it, with the line where its row begins, from one. */
  readonly rows: readonly { readonly line: number; readonly value: string }[];
  readonly faults: readonly { readonly line: number; readonly message: string }[];
}

/** Columns that hold prompts by their name, the likeliest first. */
const LIKELY = ["prompt", "text", "question", "input", "message", "content"];

/** Reads one column of a CSV; commas, semicolons and tabs separate alike, and quoted values may be of several lines. */
export function readCsv(text: string, wanted?: string): CsvTable {
  const [head, ...rows] = rowsOf(text);
  const columns = head === undefined ? [] : head.cells.map((name, index) => name.trim() || `Column ${index + 1}`);
  const position = columns.indexOf(wanted ?? "");
  const index = position >= 0 ? position : likelyColumn(columns);
  const column = columns[index];
  const read = rows.map(({ line, cells, isBroken }) => ({ line, value: cells[index]?.trim() ?? "", isBroken }));
  return {
    columns,
    column,
    rows: read.filter(({ value, isBroken }) => value !== "" && !isBroken).map(({ line, value }) => ({ line, value })),
    faults: read.flatMap(({ line, value, isBroken }) => {
      if (isBroken) {
        return [{ line, message: "A quote is not closed. Close it, and write a quote inside of a text twice." }];
      }
      return value === ""
        ? [{ line, message: `Nothing is in the column "${column}". Fill it in, or take the line out.` }]
        : [];
    }),
  };
}

function likelyColumn(columns: readonly string[]): number {
  const names = columns.map((name) => name.toLowerCase());
  return Math.max(0, names.indexOf(LIKELY.find((name) => names.includes(name)) ?? ""));
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
  readonly isBroken: boolean;
}

function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let line = 1;
  let start = 0;
  Papa.parse<string[]>(text, {
    step: ({ data, errors, meta }) => {
      if (data.some((cell) => cell.trim() !== "")) {
        rows.push({ line, cells: data, isBroken: errors.some(({ type }) => type === "Quotes") });
      }
      line += text.slice(start, meta.cursor).split("\n").length - 1;
      start = meta.cursor;
    },
  });
  return rows;
}
