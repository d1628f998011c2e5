import Table from "cli-table3";
import type { Host } from "./host.ts";

const BORDERLESS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Writes a line of results. */
export function say(host: Host, line: string): void {
  host.stdout.write(`${line}\n`);
}

/** Writes one JSON object; bigints as decimal strings. */
export function sayJson(host: Host, value: unknown): void {
  const text = JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? part.toString() : part), 2);
  say(host, text);
}

/** Writes rows in columns. */
export function sayTable(host: Host, rows: readonly (readonly string[])[], head: readonly string[] = []): void {
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
  const table = new Table({ head: [...head], chars: BORDERLESS, style });
  table.push(...rows.map((row) => [...row]));
  say(host, table.toString().replace(/ +$/gm, ""));
}
