import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { type FileContent, locateConfigFile, readConfigFile } from "../config-sources.ts";
import type { Host } from "./host.ts";
import { settingFlags } from "./settings.ts";

/** The settings file of a command, and what it says; empty where there is none. */
export async function openConfigFile(host: Host, options: Readonly<Record<string, unknown>>) {
  const { file } = locateConfigFile({ flags: settingFlags(options), env: host.env, cwd: host.cwd });
  return { file, content: await readConfigFile(file, false) };
}

/** Replaces a settings file. Its owner alone may read it: addresses of endpoints can hold access keys. */
export async function writeConfigFile(file: string, content: FileContent): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
