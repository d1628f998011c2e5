import path from "node:path";
import { type FallbackOptions, type GatewayOptions, type RunningGateway, startGateway } from "@touchstone/gateway";
import type { Command } from "commander";
import { privateKeyToAccount } from "viem/accounts";
import type { Settings } from "../config.ts";
import { NodeError } from "../errors.ts";
import { openKeystore } from "../keystore.ts";
import { createLogger } from "../log.ts";
import { addGatewayKeys } from "./gateway-keys.ts";
import type { Host } from "./host.ts";
import { say, sayJson } from "./output.ts";
import { existingPassword } from "./password.ts";
import { readSettings, withSettings } from "./settings.ts";

type Options = Readonly<Record<string, unknown>>;

/** `touchstone gateway`: the buyer's own server with OpenAI's API, and its API keys. */
export function addGateway(program: Command, host: Host, exitAtOnce: number): void {
  const gateway = program.command("gateway").description("serve OpenAI's API on this machine, bought on the market");
  withSettings(
    gateway
      .command("start", { isDefault: true })
      .description("run the gateway; SIGTERM lets calls end, a second one does not"),
  )
    .option("--json", "write JSON")
    .action((options: Options) => run(host, options, exitAtOnce));
  addGatewayKeys(gateway, host);
}

/** Where the gateway keeps what is its own. */
export function gatewayFolder({ dataDir }: Pick<Settings, "dataDir">): string {
  return path.join(dataDir, "gateway");
}

async function run(host: Host, options: Options, exitAtOnce: number): Promise<void> {
  const settings = await readSettings(host, options);
  const stopped = Promise.withResolvers<void>();
  let isStopping = false;
  const forget = host.onStopRequest(() => {
    if (isStopping) {
      host.exit(exitAtOnce);
    }
    isStopping = true;
    stopped.resolve();
  });
  try {
    const gateway = await startGateway(await gatewayOptions(host, settings));
    tell(host, gateway, options);
    await stopped.promise;
    await gateway.close();
  } finally {
    forget();
  }
}

/** The first line of a gateway: what a client must be told. A first key is shown here and never again. */
function tell(host: Host, { url, apiKey }: RunningGateway, options: Options): void {
  const baseUrl = `${url}/v1`;
  if (options.json) {
    sayJson(host, { baseUrl, usage: `${url}/`, apiKey: apiKey ?? null });
    return;
  }
  say(host, `Base URL  ${baseUrl}`);
  say(host, `API key   ${apiKey ?? "one of `touchstone gateway keys list`, or a new one: keys add"}`);
  say(host, `Usage     ${url}/`);
}

async function gatewayOptions(host: Host, settings: Settings): Promise<GatewayOptions> {
  const { market, rpcUrls, gatewayKeystore: keystore } = settings;
  if (market === undefined) {
    throw new NodeError("CONFIG_MISSING", "The settings name no market. Set `market`: see docs/config.md.");
  }
  const password = await existingPassword(host, { ...settings, keystore });
  const account = privateKeyToAccount(await openKeystore(keystore, password));
  const logger = createLogger({ ...settings, destination: host.stderr, isTerminal: host.isTerminal });
  const { gatewayRequireVerified: requireVerified, gatewaySealed: sealed, gatewayRegions: regions } = settings;
  return {
    ...{ account, rpcUrls, market, logger, dataDir: gatewayFolder(settings), fallback: fallbackOf(settings) },
    policy: { requireVerified, sealed, ...(regions.length > 0 && { regions }) },
    fromBlock: BigInt(settings.gatewayFromBlock),
    host: settings.gatewayHost,
    port: settings.gatewayPort,
    maxPricePerCall: settings.gatewayMaxPricePerCall,
    maxPricePerProvider: settings.gatewayMaxPricePerProvider,
    maxPriceInAll: settings.gatewayMaxPriceInAll,
    maxPricePerMillionTokens: settings.gatewayMaxPricePerMillionTokens,
    maxPricePerJob: settings.gatewayMaxPricePerJob,
    maxCalls: settings.gatewayMaxCalls,
    maxFileBytes: settings.gatewayMaxFileBytes,
    maxStoreBytes: settings.gatewayMaxStoreBytes,
    maxBodyBytes: settings.maxBodyBytes,
    headersTimeoutMs: settings.headersTimeoutMs,
    bodyTimeoutMs: settings.bodyTimeoutMs,
    pollIntervalMs: settings.pollIntervalMs,
  };
}

function fallbackOf(settings: Settings): FallbackOptions | undefined {
  const { gatewayFallbackUrl: url, gatewayFallbackModels: pairs } = settings;
  if (url === undefined) {
    return undefined;
  }
  if (pairs.length === 0) {
    const sentence =
      "`gatewayFallbackUrl` serves no model: name them in `gatewayFallbackModels`, such as *=gpt-5-mini.";
    throw new NodeError("CONFIG_MISSING", sentence);
  }
  return {
    url,
    apiKey: settings.gatewayFallbackKey,
    models: Object.fromEntries(pairs.map((pair) => pair.split("="))) as Record<string, string>,
    when: settings.gatewayFallbackWhen,
    pricePerMillionInputTokens: settings.gatewayFallbackInputPrice,
    pricePerMillionOutputTokens: settings.gatewayFallbackOutputPrice,
  };
}
