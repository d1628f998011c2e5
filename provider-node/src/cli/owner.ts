import type { NodeTerms } from "@touchstone/sdk/protocol";
import type { Command } from "commander";
import { requireConfig } from "../config-sources.ts";
import type { Host } from "./host.ts";
import { marketClient, openAccount } from "./market.ts";
import { sayJson } from "./output.ts";
import { requireRunning } from "./running.ts";
import { readSettings, withSettings } from "./settings.ts";

/** What can be said without more words. */
export type PlainAction = "reset" | "drain" | "resume";

type Options = Readonly<Record<string, unknown>>;

const SAID = {
  drain: "The node takes no new work and finishes what it accepted, until: touchstone resume",
  resume: "The node takes work again.",
} as const;

/** `touchstone drain` and `touchstone resume`. */
export function addOwner(program: Command, host: Host): void {
  const descriptions = {
    drain: "let the running node take no new work, and go on with what it accepted; also after a restart",
    resume: "let a drained node take work again",
  };
  for (const action of ["drain", "resume"] as const) {
    withSettings(program.command(action).description(descriptions[action]))
      .option("--json", "write JSON")
      .action(async (options: Options) => {
        const terms = await instruct(host, options, action);
        options.json === true ? sayJson(host, terms) : host.stdout.write(`${SAID[action]}\n`);
      });
  }
}

/**
 * Signs an instruction with the key of the keystore, the node's own, and gives it to the node that runs here.
 *
 * @throws NodeError `STOPPED` if none runs, `KEYSTORE_...`.
 */
export async function instruct(host: Host, options: Options, action: PlainAction): Promise<NodeTerms> {
  const settings = await readSettings(host, options);
  const config = requireConfig(settings);
  const { url } = await requireRunning(host, settings);
  const client = marketClient(config, await openAccount(host, settings));
  const instruction = await client.signInstruction({ action, provider: config.provider });
  return await client.sendInstruction({ url, instruction });
}
