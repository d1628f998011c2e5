import type { Command } from "commander";
import { requireConfig } from "../config-sources.ts";
import { NodeError } from "../errors.ts";
import type { Host } from "./host.ts";
import { openAccount } from "./market.ts";
import { readSettings, withSettings } from "./settings.ts";
import { providerSteps, sayCalldata, sendSteps } from "./steps.ts";

type Options = Readonly<Record<string, unknown>>;

/** `touchstone card`: tells buyers where the node's card is. */
export function addCard(program: Command, host: Host): void {
  const card = program.command("card").description("publish where the provider's card is");
  withSettings(card.command("publish").description("publish <publicUrl>/card on chain, so that buyers find the node"))
    .option("--calldata", "print the transaction for a wallet elsewhere instead of sending it")
    .option("--json", "write JSON")
    .action((options) => publish(host, options));
}

async function publish(host: Host, options: Options): Promise<void> {
  const settings = await readSettings(host, options);
  const config = requireConfig(settings);
  if (config.publicUrl === undefined) {
    throw new NodeError("CONFIG_MISSING", "Buyers need an address: set `publicUrl` to where they reach this node.");
  }
  const steps = [providerSteps(config.market).updateProvider(config.provider, `${config.publicUrl}/card`)];
  if (options.calldata) {
    sayCalldata(host, steps);
  } else {
    await sendSteps(host, config, await openAccount(host, settings), steps, options.json === true);
  }
}
