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

function lastNumber(text: string, pattern: RegExp): number {
  return Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);
}
