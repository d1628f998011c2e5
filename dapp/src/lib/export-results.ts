import Papa from "papaparse";
import type { Hex } from "viem";

/** One item of a result, as it is shown and saved. */
export interface ResultRow {
  /** From zero, as on chain. */
  readonly index: number;
  /** Nothing where the prompts are not at hand. */
  readonly prompt: string | undefined;
  /** What the model wrote. */
  readonly answer: string | undefined;
  /** Why there is no answer. */
  readonly error: string | undefined;
  readonly outputHash: Hex;
  readonly traceRoot: Hex;
}

/** Results as JSON Lines: an object a line, in the order of the items. */
export function resultsToJsonl(rows: readonly ResultRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

const COLUMNS = ["index", "prompt", "answer", "error", "outputHash", "traceRoot"] as const;

/** Results as CSV (RFC 4180), safe to open in a spreadsheet: no text of a stranger becomes a formula. */
export function resultsToCsv(rows: readonly ResultRow[]): string {
  return Papa.unparse(
    { fields: [...COLUMNS], data: rows.map((row) => COLUMNS.map((column) => row[column] ?? "")) },
    { escapeFormulae: true },
  );
}
