import type { Command } from "commander";
import { requireConfig } from "../config-sources.ts";
import { fundingOf } from "./funding.ts";
import type { Host } from "./host.ts";
import { marketClient, openProviderAccount, parseAmount, readToken } from "./market.ts";
import { readSettings, withSettings } from "./settings.ts";
import { providerSteps, type Step, sayCalldata, sendSteps } from "./steps.ts";

type Options = Readonly<Record<string, unknown>>;

/** `touchstone stake` and `touchstone unstake`, signed by the provider's own account. */
export function addStake(program: Command, host: Host): void {
  withSettings(program.command("stake").description("stake tokens; deposits what the balance lacks"))
    .argument("<amount>", "tokens, such as 25 or 0.5")
    .option("--calldata", "print the transactions for a wallet elsewhere instead of sending them")
    .option("--json", "write JSON")
    .action((amount: string, options) => stake(host, options, amount));
  withSettings(program.command("unstake").description("ask stake back, and take it once its period is over"))
    .argument("[amount]", "tokens; left out: take what is unbonded")
    .option("--calldata", "print the transactions for a wallet elsewhere instead of sending them")
    .option("--json", "write JSON")
    .action((amount: string | undefined, options) => unstake(host, options, amount));
}

async function stake(host: Host, options: Options, text: string): Promise<void> {
  const config = requireConfig(await readSettings(host, options));
  const { market, provider: account } = config;
  const isPrinted = options.calldata === true;
  const { amount, funding } = await fundingOf(text, { client: marketClient(config), market, account, isPrinted });
  await perform(host, options, [...funding, providerSteps(market).stake(amount)]);
}

async function unstake(host: Host, options: Options, text: string | undefined): Promise<void> {
  const config = requireConfig(await readSettings(host, options));
  const steps = providerSteps(config.market);
  if (text === undefined) {
    await perform(host, options, [steps.withdrawStake(config.provider)]);
    return;
  }
  const amount = parseAmount(text, await readToken(marketClient(config), config.market));
  await perform(host, options, [steps.requestUnstake(amount)]);
}

/** Prints or sends transactions of the provider's own account. */
export async function perform(host: Host, options: Options, steps: readonly Step[]): Promise<void> {
  if (options.calldata) {
    sayCalldata(host, steps);
    return;
  }
  const settings = await readSettings(host, options);
  const account = await openProviderAccount(host, settings);
  await sendSteps(host, requireConfig(settings), account, steps, options.json === true);
}
