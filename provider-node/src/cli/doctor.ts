import type { Command } from "commander";
import type { Settings } from "../config.ts";
import { requireConfig } from "../config-sources.ts";
import { NodeError } from "../errors.ts";
import { checkKey, checkMarket } from "./check-chain.ts";
import type { LiveFacts } from "./check-live.ts";
import { checkDisk, checkModels, checkPort, checkPublicUrl } from "./check-machine.ts";
import { type Finding, ok, problem } from "./findings.ts";
import type { Host } from "./host.ts";
import { sayJson, sayTable } from "./output.ts";
import { readSettings, withSettings } from "./settings.ts";

/** `touchstone doctor`: looks at all that a node needs, and says how to mend what is missing. */
export function addDoctor(program: Command, host: Host, setExitCode: (isHealthy: boolean) => void): void {
  withSettings(program.command("doctor").description("check all that the node needs, and say how to mend it"))
    .option(
      "--coin-price <tokens>",
      "what a unit of the chain's own currency costs: compares gas with what calls bring",
    )
    .option("--json", "write JSON")
    .action(async (options) => {
      const findings = await examine(host, await readSettings(host, options), options.coinPrice);
      const isHealthy = findings.every(({ state }) => state !== "problem");
      if (options.json) {
        sayJson(host, { healthy: isHealthy, findings });
      } else {
        sayTable(host, findings.flatMap(asRows));
      }
      setExitCode(isHealthy);
    });
}

async function examine(host: Host, settings: Settings, coinPrice: string | undefined): Promise<Finding[]> {
  const { finding: key, address: operator } = await checkKey(settings);
  return [
    ...(await checkSettings(settings, { operator, coinPrice })),
    key,
    await checkDisk(settings),
    await checkPort(host, settings),
    await checkPublicUrl(host, settings),
    ...(await checkModels(settings)),
  ];
}

async function checkSettings(settings: Settings, facts: LiveFacts): Promise<Finding[]> {
  try {
    const config = requireConfig(settings);
    return [ok("settings", "complete"), ...(await checkMarket(config, facts))];
  } catch (error) {
    if (error instanceof NodeError && error.code === "CONFIG_MISSING") {
      return [problem("settings", error.message, "touchstone init")];
    }
    throw error;
  }
}

const MARKS = { ok: "ok", warning: "warning", problem: "PROBLEM" } as const;

function asRows({ check, state, message, mend }: Finding): string[][] {
  return [[MARKS[state], check, message], ...(mend === undefined ? [] : [["", "", `-> ${mend}`]])];
}
