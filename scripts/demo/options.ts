import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CHEAT_NAMES, type Cheat } from "../cheats/cheats.ts";

/** How the job finds its provider. */
export const MODES = ["direct", "open", "quoted", "order"] as const;
export type Mode = (typeof MODES)[number];

/** What one run of the demo is asked to do. */
export interface DemoOptions {
  readonly mode: Mode;
  /** One request each. */
  readonly prompts: readonly string[];
  readonly json: boolean;
  /** How the provider of the job cheats, or `none` for an audit of an honest one; nothing: no seats, no audit. */
  readonly cheat?: Cheat | "none";
  /** Whether each prompt is a call of its own, paid as it is answered, instead of an item of one job. */
  readonly live?: true;
}

/** The command line cannot be understood; the message says how to mend it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `npm run demo -- [options]

  --mode MODE     ${MODES.join(", ")} (quoted)
  --items N       how many prompts to send (8; 3 with --live)
  --prompts FILE  prompts, one a line (examples/prompts.txt)
  --cheat NAME    what the cheapest provider does to its buyers: ${CHEAT_NAMES.join(", ")};
                  none shows the audit of an honest one
  --live          a chat, each call paid as it is answered, then claimed and settled on chain
  --json          one JSON object on standard output, nothing else
  --help`;

const ITEMS = 8;
const LIVE_ITEMS = 3;
const MOST_ITEMS = 1_000;

/** Reads the command line of the demo. Returns nothing where help was asked for. */
export function parseOptions(args: readonly string[], defaultPrompts: string): DemoOptions | undefined {
  const { values } = readFlags(args);
  if (values.help) {
    return undefined;
  }
  const mode = MODES.find((name) => name === (values.mode ?? "quoted"));
  if (mode === undefined) {
    throw new UsageError(`--mode ${values.mode}: choose one of ${MODES.join(", ")}.`);
  }
  const cheat = parseCheat(values.cheat, mode);
  if (values.live && (cheat ?? values.mode) !== undefined) {
    throw new UsageError("--live buys calls, not a job: leave --mode and --cheat out.");
  }
  const prompts = readPrompts(values.prompts ?? defaultPrompts);
  const usual = values.prompts !== undefined ? prompts.length : values.live ? LIVE_ITEMS : ITEMS;
  const items = values.items === undefined ? usual : Number(values.items);
  if (!Number.isInteger(items) || items < 1 || items > MOST_ITEMS) {
    throw new UsageError(`--items ${values.items}: give a whole number from 1 to ${MOST_ITEMS}.`);
  }
  // More items than prompts: the list starts over.
  const chosen = Array.from({ length: items }, (_, index) => prompts[index % prompts.length] ?? "");
  const special = { ...(cheat && { cheat }), ...(values.live && { live: true as const }) };
  return { mode, prompts: chosen, json: values.json ?? false, ...special };
}

function parseCheat(value: string | undefined, mode: Mode): DemoOptions["cheat"] {
  if (value === undefined) {
    return undefined;
  }
  const cheat = [...CHEAT_NAMES, "none" as const].find((name) => name === value);
  if (cheat === undefined) {
    throw new UsageError(`--cheat ${value}: choose one of ${CHEAT_NAMES.join(", ")}, none.`);
  }
  if (mode === "open") {
    throw new UsageError("--cheat needs a job that goes to the cheapest provider: leave --mode open out.");
  }
  return cheat;
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        mode: { type: "string" },
        items: { type: "string" },
        prompts: { type: "string" },
        cheat: { type: "string" },
        live: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`, { cause: error });
  }
}

function readPrompts(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--prompts ${file}: cannot be read (${(error as Error).message}).`, { cause: error });
  }
  const prompts = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (prompts.length === 0) {
    throw new UsageError(`--prompts ${file}: holds no prompt. Write one a line.`);
  }
  return prompts;
}
