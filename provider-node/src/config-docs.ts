import os from "node:os";
import { flagName, SETTINGS, type Setting, variableName } from "./config.ts";

const INTRODUCTION = `# Settings of the node

A setting comes from the first of these that names it: a flag of \`touchstone\`, an environment variable, the settings file, its
standard. The file is JSON with the names below: \`--config FILE\` or \`TOUCHSTONE_CONFIG\`, else \`config.json\` in the data folder.
A name that does not exist is refused, with the nearest that does. Relative paths are meant from the folder of the file, or from
the working folder in flags and variables. Lists are JSON lists in the file and text with commas elsewhere. Amounts are in the
smallest unit of the market's token: with 6 decimals, \`1000\` is a thousandth of a token.
`;

const HEAD = "| setting | flag, variable | kind | standard | what it does |\n|---|---|---|---|---|";

/** `docs/config.md`: the table of settings for people. */
export function renderConfigDocs(): string {
  const rows = Object.entries<Setting>(SETTINGS).map(([name, setting]) => renderRow(name, setting));
  return `${INTRODUCTION}\n${[HEAD, ...rows].join("\n")}\n`;
}

function renderRow(name: string, { description, kind, standard, isSensitive }: Setting): string {
  const variable = `\`${variableName(name)}\``;
  const ways = isSensitive ? `${variable} only` : `\`--${flagName(name)}\`, ${variable}`;
  return `| \`${name}\` | ${ways} | ${kind.name} | ${showStandard(kind, standard)} | ${description} |`;
}

function showStandard(kind: Setting["kind"], standard: Setting["standard"]): string {
  const value: unknown = typeof standard === "function" ? standard("<dataDir>") : standard;
  const shown = value === undefined ? "" : (kind.show?.(value) ?? String(value)).replace(os.homedir(), "~");
  return shown === "" ? "none" : `\`${shown}\``;
}
