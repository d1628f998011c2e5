import path from "node:path";
import { type ApiKey, type OpenKeys, openKeys } from "@touchstone/gateway";
import type { Command } from "commander";
import { NodeError } from "../errors.ts";
import type { Host } from "./host.ts";
import { say, sayJson, sayTable } from "./output.ts";
import { readSettings, withSettings } from "./settings.ts";

type Options = Readonly<Record<string, unknown>>;

const MAX_NAME = 100;

/** `touchstone gateway keys`: who may buy through the gateway, and how much. Works beside a gateway that runs. */
export function addGatewayKeys(gateway: Command, host: Host): void {
  const keys = gateway.command("keys").description("make, list and revoke API keys of the gateway");
  withSettings(keys.command("add").description("make an API key; it is shown once"))
    .argument("<name>", "whose it is, for the usage page")
    .option("--per-day <units>", "most that it may spend a day (UTC), in the smallest unit of the token")
    .option("--total <units>", "most that it may spend in all")
    .option("--requests-per-minute <count>", "most requests a minute, 600 unless said otherwise")
    .option("--json", "write JSON")
    .action((name: string, options: Options) => withKeys(host, options, (open) => add(host, open, name, options)));
  withSettings(keys.command("list").description("list API keys, their budgets and what they spent"))
    .option("--json", "write JSON")
    .action((options: Options) => withKeys(host, options, (open) => list(host, open, options)));
  withSettings(keys.command("revoke").description("end an API key at once"))
    .argument("<id>", "as `list` shows it")
    .option("--json", "write JSON")
    .action((id: string, options: Options) => withKeys(host, options, (open) => revoke(host, open, id, options)));
}

async function withKeys(host: Host, options: Options, work: (open: OpenKeys) => void): Promise<void> {
  const { dataDir } = await readSettings(host, options);
  const open = openKeys(path.join(dataDir, "gateway"));
  try {
    work(open);
  } finally {
    open.close();
  }
}

function add(host: Host, { keys }: OpenKeys, name: string, options: Options): void {
  if (name.trim() === "" || name.length > MAX_NAME || /\p{Cc}/u.test(name)) {
    throw new NodeError("CONFIG_INVALID", `A key's name is one line of 1 to ${MAX_NAME} characters.`);
  }
  const limits = {
    budgetPerDay: amountOf(options.perDay, "--per-day"),
    budgetTotal: amountOf(options.total, "--total"),
    requestsPerMinute: countOf(options.requestsPerMinute),
  };
  const { key, kept } = keys.add(name, limits, now());
  if (options.json) {
    sayJson(host, { key, ...kept });
  } else {
    say(host, key);
  }
}

function list(host: Host, open: OpenKeys, options: Options): void {
  const rows = open.keys.list().map((key) => ({ ...key, spent: open.spent(key.id, now()) }));
  if (options.json) {
    sayJson(host, { keys: rows });
  } else if (rows.length === 0) {
    say(host, "No keys. Make one: touchstone gateway keys add NAME");
  } else {
    const head = ["id", "name", "today", "of", "in all", "of", "a minute", ""];
    sayTable(host, rows.map(rowOf), head);
  }
}

function rowOf(key: ApiKey & { readonly spent: { readonly day: bigint; readonly total: bigint } }): string[] {
  const { id, name, spent, budgetPerDay, budgetTotal, requestsPerMinute, revokedAt } = key;
  const budgets = [String(spent.day), String(budgetPerDay ?? "-"), String(spent.total), String(budgetTotal ?? "-")];
  return [id, name, ...budgets, String(requestsPerMinute), revokedAt === undefined ? "" : "revoked"];
}

function revoke(host: Host, { keys }: OpenKeys, id: string, options: Options): void {
  keys.revoke(id, now());
  if (options.json) {
    sayJson(host, { id, revoked: true });
  } else {
    say(host, `${id} is revoked.`);
  }
}

function amountOf(value: unknown, flag: string): bigint | undefined {
  if (value === undefined) {
    return undefined;
  }
  const text = String(value);
  if (!/^\d{1,18}$/.test(text)) {
    throw new NodeError("CONFIG_INVALID", `${flag} is a whole number of token units below 10^18, not ${text}.`);
  }
  return BigInt(text);
}

function countOf(value: unknown): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) {
    throw new NodeError("CONFIG_INVALID", `--requests-per-minute is a whole number from 1 up, not ${String(value)}.`);
  }
  return count;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
