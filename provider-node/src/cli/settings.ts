import { type Command, Option } from "commander";
import { flagName, SETTINGS, type Setting, type Settings } from "../config.ts";
import { loadSettings } from "../config-sources.ts";
import type { Host } from "./host.ts";

/** Lets a command take every setting as a flag. */
export function withSettings(command: Command): Command {
  command.addOption(new Option("--config <file>", "settings file (JSON)"));
  for (const [name, { description, isSensitive }] of Object.entries<Setting>(SETTINGS)) {
    if (!isSensitive) {
      const text = description.replaceAll("`", "").replace(/\.$/, "");
      command.addOption(new Option(`--${flagName(name)} <value>`, text).helpGroup("Settings (see docs/config.md):"));
    }
  }
  return command;
}

/** The settings that were given as flags, as text, by their names; `config` too. */
export function settingFlags(options: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(options).filter(([name]) => name in SETTINGS || name === "config");
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** The settings of a command: its flags over environment over file over standards. */
export function readSettings(host: Host, options: Readonly<Record<string, unknown>>): Promise<Settings> {
  return loadSettings({ flags: settingFlags(options), env: host.env, cwd: host.cwd });
}
