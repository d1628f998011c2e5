import Table from "cli-table3";
import type { Row } from "./family.ts";

/** The rows as text, one line for each model and cheat. */
export function tableOf(rows: readonly Row[]): string {
  const lengths = [...new Set(rows.map(({ tokens }) => tokens))];
  const head = ["model", "cheat", ...lengths.map((tokens) => `${tokens} tokens`), "cost"];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  const keys = [...new Set(rows.map(({ model, cheat }) => `${model}\n${cheat}`))];
  for (const key of keys) {
    const own = rows.filter(({ model, cheat }) => `${model}\n${cheat}` === key);
    const cells = lengths.map((tokens) => {
      const row = own.find((one) => one.tokens === tokens);
      return row === undefined ? "" : `${row.detection.toPrecision(3)} of ${row.windows}`;
    });
    table.push([...key.split("\n"), ...cells, (own[0]?.costRatio ?? 0).toFixed(2)]);
  }
  return table.toString();
}
