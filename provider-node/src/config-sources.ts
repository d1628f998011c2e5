import { readFile } from "node:fs/promises";
import path from "node:path";
import leven from "leven";
import { z } from "zod";
import { type Config, SETTINGS, type Setting, type SettingName, type Settings, variableName } from "./config.ts";
import { NodeError } from "./errors.ts";

/** Where settings come from; the earlier win. */
export interface SettingSources {
  /** By the name of the setting, as text. `config` names the file. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder from which relative paths in flags and variables are meant. */
  readonly cwd: string;
}

const NAMES = Object.keys(SETTINGS) as SettingName[];
const CONFIG_VARIABLE = variableName("config");

/** What a settings file says, by the names of settings, not yet validated. */
export type FileContent = Readonly<Record<string, unknown>>;

/** The raw value of a setting, and where it stands. */
interface Found {
  readonly value: unknown;
  /** As an error names it: `--port`, `TOUCHSTONE_PORT`, a file. */
  readonly source: string;
  readonly folder: string;
}

/**
 * Reads the settings: flags over environment over file (`--config`, else `config.json` in the data folder) over standards.
 *
 * @throws NodeError `CONFIG_UNREADABLE`, `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID` (all faults at once)
 */
export async function loadSettings(sources: SettingSources): Promise<Settings> {
  const { file, isNamed } = locateConfigFile(sources);
  return mergeSettings(sources, file, await readConfigFile(file, isNamed));
}

/**
 * As {@link loadSettings}, of a file that was read already.
 *
 * @throws NodeError `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID`
 */
export function mergeSettings(sources: SettingSources, file: string, content: FileContent): Settings {
  const { flags, env } = sources;
  refuseUnknown(Object.keys(flags), ["config", ...NAMES], "flag");
  const variables = Object.keys(env).filter((name) => name.startsWith("TOUCHSTONE_"));
  refuseUnknown(variables, [CONFIG_VARIABLE, ...NAMES.map(variableName)], "environment variable");
  const inFile = (name: SettingName): Found | undefined =>
    name in content ? { value: content[name], source: file, folder: path.dirname(file) } : undefined;
  return settleAll((name) => findOutside(sources, name) ?? inFile(name));
}

/** Where the settings file is, or would be. */
export function locateConfigFile(sources: SettingSources): { readonly file: string; readonly isNamed: boolean } {
  const { flags, env, cwd } = sources;
  const named = flags.config ?? (env[CONFIG_VARIABLE] || undefined);
  const dataDir = settle("dataDir", findOutside(sources, "dataDir"), "") as string;
  return { file: path.resolve(cwd, named ?? path.join(dataDir, "config.json")), isNamed: named !== undefined };
}

/**
 * The settings of a node that works on a market.
 *
 * @throws NodeError `CONFIG_MISSING` naming what must be set
 */
export function requireConfig(settings: Settings): Config {
  const { market, seat, serve } = settings;
  const provider = settings.provider ?? (serve ? undefined : seat);
  if (market === undefined || provider === undefined) {
    const missing = [market === undefined && "market", provider === undefined && "provider"]
      .filter(Boolean)
      .join(" and ");
    const sentence = `The settings name no ${missing}. Run \`touchstone init\`, or see docs/config.md.`;
    throw new NodeError("CONFIG_MISSING", sentence, { details: { missing } });
  }
  return Object.freeze({ ...settings, market, provider });
}

/** What a flag or else a variable says of a setting. */
function findOutside({ flags, env, cwd }: SettingSources, name: SettingName): Found | undefined {
  const { isSensitive }: Setting = SETTINGS[name];
  if (flags[name] !== undefined && !isSensitive) {
    return { value: flags[name], source: `the flag of \`${name}\``, folder: cwd };
  }
  const value = env[variableName(name)];
  return value ? { value, source: variableName(name), folder: cwd } : undefined;
}

/**
 * What a settings file says; nothing if it is not there and nobody named it.
 *
 * @throws NodeError `CONFIG_UNREADABLE`, `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID`
 */
export async function readConfigFile(file: string, isNamed: boolean): Promise<FileContent> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    if (!isNamed && cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      return {};
    }
    const reason = cause instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new NodeError("CONFIG_UNREADABLE", `The settings file ${file} ${reason}.`, { cause, details: { file } });
  }
  const object = z.record(z.string(), z.unknown()).safeParse(content);
  if (!object.success) {
    throw new NodeError("CONFIG_UNREADABLE", `The settings file ${file} must hold one JSON object.`, {
      details: { file },
    });
  }
  refuseUnknown(Object.keys(object.data), NAMES, "setting");
  const secret = NAMES.find((name) => name in object.data && (SETTINGS[name] as Setting).isSensitive);
  if (secret !== undefined) {
    const sentence = `\`${secret}\` must not stand in a file; set ${variableName(secret)} instead.`;
    throw new NodeError("CONFIG_INVALID", sentence, { details: { file } });
  }
  return object.data;
}

/** Typing errors must not leave a node with standards that its operator believes changed. */
function refuseUnknown(given: readonly string[], known: readonly string[], what: string): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const [nearest = ""] = [...known].sort((a, b) => leven(a, unknown) - leven(b, unknown));
    const sentence = `There is no ${what} \`${unknown}\`. Did you mean \`${nearest}\`?`;
    throw new NodeError("CONFIG_UNKNOWN_KEY", sentence, { details: { name: unknown, nearest } });
  }
}

function settleAll(find: (name: SettingName) => Found | undefined): Settings {
  const issues: string[] = [];
  const dataDir = settle("dataDir", find("dataDir"), "") as string;
  const values = NAMES.map((name) => {
    try {
      return [name, settle(name, find(name), dataDir)];
    } catch (error) {
      issues.push(error instanceof NodeError ? error.message : String(error));
      return [name, undefined];
    }
  });
  if (issues.length > 0) {
    throw new NodeError("CONFIG_INVALID", issues.join("\n"), { details: { issues } });
  }
  return Object.freeze(Object.fromEntries(values)) as Settings;
}

function settle(name: SettingName, found: Found | undefined, dataDir: string): unknown {
  const { kind, standard, isSensitive }: Setting = SETTINGS[name];
  if (found === undefined) {
    return typeof standard === "function" ? standard(dataDir) : standard;
  }
  const parsed = kind.schema.safeParse(found.value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const shown = isSensitive ? "" : `, not ${JSON.stringify(found.value)}`;
    const sentence = `\`${name}\` in ${found.source} must be ${kind.name}${shown}: ${issue?.message ?? "not valid"}.`;
    throw new NodeError("CONFIG_INVALID", sentence, { details: { issues: [sentence] } });
  }
  return kind.locate === undefined ? parsed.data : kind.locate(parsed.data, found.folder);
}
