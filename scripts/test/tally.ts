import { stripVTControlCharacters } from "node:util";
import type { CommandResult } from "../lib/command.ts";

/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Reads a runner's own sums: `N passing` and `N failing` of mocha and Hardhat, or our `N passed, N failed`.
 * A runner that ends badly has failed at least once, and one that ran nothing has failed too.
 */
export function tallyOf({ code, output }: Pick<CommandResult, "code" | "output">): Tally {
  const text = stripVTControlCharacters(output);
  const passed = lastNumber(text, /^\s*(\d+) pass(?:ing|ed)\b/gm);
  const reported = lastNumber(text, /^\s*(?:\d+ passed, )?(\d+) fail(?:ing|ed)\b/gm);
  const broke = code !== 0 || passed === 0;
  return { passed, failed: reported === 0 && broke ? 1 : reported };
}

/** Enough to see which tests failed and why. */
const MOST_LINES = 60;

/** What a runner said of its failures: what follows mocha's and Hardhat's `N failing`, else the last lines of all. */
export function failuresIn(output: string): string {
  const lines = stripVTControlCharacters(output).trimEnd().split("\n");
  const start = lines.findIndex((line) => /^\s*\d+ failing\b/.test(line));
  const told = start === -1 ? lines.slice(-MOST_LINES) : lines.slice(start, start + MOST_LINES);
  return told.join("\n");
}

function lastNumber(text: string, pattern: RegExp): number {
  return Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);
}
