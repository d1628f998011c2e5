import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { isCancel, text } from "@clack/prompts";
import type { Command } from "commander";
import type { Address } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { SETTINGS, type Setting, type SettingName, type Settings } from "../config.ts";
import { type FileContent, mergeSettings, requireConfig } from "../config-sources.ts";
import { NodeError } from "../errors.ts";
import { readKeystoreAddress, writeKeystore } from "../keystore.ts";
import { openConfigFile, writeConfigFile } from "./config-file.ts";
import type { Host } from "./host.ts";
import { say, sayJson } from "./output.ts";
import { newPassword } from "./password.ts";
import { settingFlags, withSettings } from "./settings.ts";

type Options = Readonly<Record<string, unknown>>;

/** What is asked; all else has a standard, and a flag. */
const QUESTIONS: readonly SettingName[] = [
  "rpcUrls",
  "market",
  "provider",
  "models",
  "pricePerItem",
  "pricePerMillionInputTokens",
  "pricePerMillionOutputTokens",
  "host",
  "port",
  "publicUrl",
  "live",
  "name",
  "region",
];

/** `touchstone init`: writes the settings file and makes the operator key, by questions or by flags alone. */
export function addInit(program: Command, host: Host): void {
  withSettings(program.command("init").description("write the settings file and make the operator key"))
    .option("--yes", "ask nothing: take the flags, and standards for the rest")
    .option("--json", "write JSON")
    .action((options) => init(host, options));
}

async function init(host: Host, options: Options): Promise<void> {
  const { file, content } = await openConfigFile(host, options);
  const { config: _, ...flags } = settingFlags(options);
  const isAsking = options.yes !== true && host.isInteractive;
  const answers = isAsking ? await askAll({ ...content, ...flags }) : {};
  const given = { ...flags, ...answers };
  const settings = mergeSettings({ flags: given, env: host.env, cwd: host.cwd }, file, content);
  requireConfig(settings);
  const { address, passwordFile } = await ensureKey(host, settings);
  const added = Object.keys(given).map((name) => [name, keepable(name as SettingName, given, settings)]);
  await writeConfigFile(file, { ...content, ...Object.fromEntries(added), ...(passwordFile && { passwordFile }) });
  if (options.json) {
    sayJson(host, { file, keystore: settings.keystore, operator: address });
  } else {
    sayNext(host, options, file, settings, address);
  }
}

/** As it is kept in the file: the text as it was given, but paths made absolute, for the file lies elsewhere. */
function keepable(name: SettingName, given: Readonly<Record<string, string>>, settings: Settings): unknown {
  return (SETTINGS[name] as Setting).kind.locate === undefined ? given[name] : settings[name];
}

async function askAll(known: FileContent): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const name of QUESTIONS) {
    const { description, kind, standard }: Setting = SETTINGS[name];
    const initial = known[name] ?? (typeof standard === "function" ? undefined : standard);
    const answer = await text({
      message: description,
      initialValue: initial === undefined ? "" : String(initial),
      validate: (value) => (value ? kind.schema.safeParse(value).error?.issues[0]?.message : missing(name)),
    });
    if (isCancel(answer)) {
      throw new NodeError("CONFIG_MISSING", "Nothing was written.");
    }
    if (answer) {
      answers[name] = answer;
    }
  }
  return answers;
}

/** What is wrong with no answer: nothing, but for what has no standard and every node needs. */
function missing(name: SettingName): string | undefined {
  return name === "market" || name === "provider" ? "Every node needs this." : undefined;
}

/** Keeps the key that is there, or makes one. Without a password a random one is put into a file beside it. */
async function ensureKey(
  host: Host,
  settings: Settings,
): Promise<{ readonly address: Address | undefined; readonly passwordFile?: string }> {
  const { keystore, password, passwordFile } = settings;
  if (existsSync(keystore)) {
    return { address: await readKeystoreAddress(keystore) };
  }
  if (password !== undefined || passwordFile !== undefined || host.isInteractive) {
    return { address: await writeKeystore(keystore, generatePrivateKey(), await newPassword(host, settings)) };
  }
  const file = path.join(path.dirname(keystore), "password");
  const random = randomBytes(24).toString("base64url");
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${random}\n`, { mode: 0o600, flag: "wx" });
  return { address: await writeKeystore(keystore, generatePrivateKey(), random), passwordFile: file };
}

function sayNext(host: Host, options: Options, file: string, settings: Settings, operator: Address | undefined): void {
  const at = options.config === undefined && options.dataDir === undefined ? "" : ` --config ${file}`;
  say(host, `Settings in ${file}, operator key ${operator ?? ""} in ${settings.keystore}.`);
  say(host, "");
  say(host, "Next:");
  if (operator !== settings.provider) {
    say(host, `  touchstone operator set ${operator ?? "<operator>"}${at}   with the provider's key, or --calldata`);
  }
  say(host, `  touchstone stake <amount>${at}   with the provider's key, or --calldata`);
  if (settings.live && settings.serve) {
    say(
      host,
      `  touchstone bond post <amount>${at}   to sell calls: buyers ask for a bond; with the provider's key, or --calldata`,
    );
  }
  say(host, "  send the operator key some of the chain's own currency, for gas");
  say(host, `  touchstone doctor${at}`);
  say(host, `  touchstone start${at}`);
  say(host, `  touchstone card publish${at}`);
}
