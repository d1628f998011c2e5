import type { Command } from "commander";
import { address } from "../config-kinds.ts";
import { requireConfig } from "../config-sources.ts";
import { NodeError } from "../errors.ts";
import type { Host } from "./host.ts";
import { readSettings, withSettings } from "./settings.ts";
import { perform } from "./stake.ts";
import { providerSteps } from "./steps.ts";

type Options = Readonly<Record<string, unknown>>;

const DAY_SECONDS = 86_400;

/** `touchstone operator`: which keys act for the provider, signed by the provider's own account. */
export function addOperator(program: Command, host: Host): void {
  const operator = program.command("operator").description("let a key act for the provider, or end that");
  withSettings(operator.command("set").description("let a key accept, submit and sign, or move the end of its time"))
    .argument("<address>", "the operator key")
    .option("--days <days>", "for how long", "365")
    .option("--calldata", "print the transaction for a wallet elsewhere instead of sending it")
    .option("--json", "write JSON")
    .action((key: string, options) => set(host, options, key, inDays(options.days)));
  withSettings(operator.command("end").description("end a key's time now; it can never come back"))
    .argument("<address>", "the operator key")
    .option("--calldata", "print the transaction for a wallet elsewhere instead of sending it")
    .option("--json", "write JSON")
    .action((key: string, options) => set(host, options, key, 0));
}

async function set(host: Host, options: Options, key: string, validUntil: number): Promise<void> {
  const { market } = requireConfig(await readSettings(host, options));
  const parsed = address.schema.safeParse(key);
  if (!parsed.success) {
    throw new NodeError("CONFIG_INVALID", `${key} is no address: ${parsed.error.issues[0]?.message}.`);
  }
  await perform(host, options, [providerSteps(market).setOperator(parsed.data, validUntil)]);
}

function inDays(days: unknown): number {
  const count = Number(days);
  if (!(count > 0 && count <= 36_500)) {
    throw new NodeError("CONFIG_INVALID", `--days must be a number of days, not ${days}.`);
  }
  return Math.floor(Date.now() / 1000 + count * DAY_SECONDS);
}
