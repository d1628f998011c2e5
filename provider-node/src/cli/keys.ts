import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { confirm } from "@clack/prompts";
import type { Command } from "commander";
import type { Hex } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { NodeError } from "../errors.ts";
import { openKeystore, readKeystoreAddress, writeKeystore } from "../keystore.ts";
import type { Host } from "./host.ts";
import { say, sayJson, sayTable } from "./output.ts";
import { existingPassword, newPassword } from "./password.ts";
import { readSettings, withSettings } from "./settings.ts";

type Options = Readonly<Record<string, unknown>>;

/** `touchstone keys`: makes, brings in, gives out and lists key files. The file is the `keystore` of the settings. */
export function addKeys(program: Command, host: Host): void {
  const keys = program.command("keys").description("make, import, export and list key files");
  withSettings(keys.command("new").description("make a new key in the keystore file"))
    .option("--json", "write JSON")
    .action((options) => create(host, options, generatePrivateKey()));
  withSettings(keys.command("import").description("bring a key into the keystore file"))
    .argument("<file>", "file with a private key in hex, or a keystore (v3) with the same password")
    .option("--json", "write JSON")
    .action(async (file: string, options) => create(host, options, await readKey(host, options, file)));
  withSettings(keys.command("export").description("show the private key of the keystore file"))
    .option("--yes", "do not ask")
    .option("--json", "write JSON")
    .action((options) => exportKey(host, options));
  withSettings(keys.command("list").description("list the key files beside the keystore file"))
    .option("--json", "write JSON")
    .action((options) => list(host, options));
}

async function create(host: Host, options: Options, privateKey: Hex): Promise<void> {
  const settings = await readSettings(host, options);
  const file = settings.keystore;
  const address = await writeKeystore(file, privateKey, await newPassword(host, settings));
  if (options.json) {
    sayJson(host, { address, file });
  } else {
    say(host, `${address} in ${file}`);
  }
}

async function readKey(host: Host, options: Options, file: string): Promise<Hex> {
  const full = path.resolve(host.cwd, file);
  const text = await readFile(full, "utf8").catch((cause: unknown) => {
    throw new NodeError("KEYSTORE_MISSING", `${full} cannot be read.`, { cause });
  });
  const [, digits] = /^(?:0x)?([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  if (digits !== undefined) {
    const key: Hex = `0x${digits}`;
    privateKeyToAddress(key);
    return key;
  }
  const settings = await readSettings(host, options);
  return await openKeystore(full, await existingPassword(host, { ...settings, keystore: full }));
}

async function exportKey(host: Host, options: Options): Promise<void> {
  const settings = await readSettings(host, options);
  const isMeant =
    options.yes === true || (host.isInteractive && (await confirm({ message: "Show the private key?" })) === true);
  if (!isMeant) {
    throw new NodeError("KEYSTORE_INVALID", "Whoever sees the key can act for the provider. Say --yes to show it.");
  }
  const privateKey = await openKeystore(settings.keystore, await existingPassword(host, settings));
  const address = privateKeyToAddress(privateKey);
  if (options.json) {
    sayJson(host, { address, privateKey });
  } else {
    say(host, privateKey);
  }
}

async function list(host: Host, options: Options): Promise<void> {
  const settings = await readSettings(host, options);
  const folder = path.dirname(settings.keystore);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  const keys = await Promise.all(names.map((name) => describe(path.join(folder, name), settings.keystore)));
  const found = keys.filter((key) => key !== undefined);
  if (options.json) {
    sayJson(host, { keys: found });
  } else if (found.length === 0) {
    say(host, `No keys in ${folder}. Make one: touchstone keys new`);
  } else {
    sayTable(
      host,
      found.map(({ address, file, isUsed }) => [address, file, isUsed ? "(in use)" : ""]),
    );
  }
}

async function describe(
  file: string,
  used: string,
): Promise<{ address: string; file: string; isUsed: boolean } | undefined> {
  try {
    return { address: (await readKeystoreAddress(file)) ?? "unknown until opened", file, isUsed: file === used };
  } catch {
    return undefined; // Some other JSON.
  }
}
