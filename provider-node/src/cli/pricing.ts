import { getNodeTerms } from "@touchstone/sdk";
import { type NodeTerms, priceOf, pricesFromWire } from "@touchstone/sdk/protocol";
import type { Command } from "commander";
import type { SettingName, Settings } from "../config.ts";
import { requireConfig } from "../config-sources.ts";
import { type Prices, pricesOf } from "../terms.ts";
import { openConfigFile, writeConfigFile } from "./config-file.ts";
import type { Host } from "./host.ts";
import { type MarketToken, marketClient, parseAmount, readToken, showAmount } from "./market.ts";
import { sayJson, sayTable } from "./output.ts";
import { instruct } from "./owner.ts";
import { findRunning } from "./running.ts";
import { readSettings, withSettings } from "./settings.ts";

const TIMEOUT_MS = 5_000;

type Options = Readonly<Record<string, unknown>>;

const PRICES = {
  item: "pricePerItem",
  input: "pricePerMillionInputTokens",
  output: "pricePerMillionOutputTokens",
} as const satisfies Record<string, SettingName>;

const TITLES = { item: "an item", input: "a million prompt tokens", output: "a million output tokens" } as const;

/** The item that prices are compared by: what a short chat message and its answer are long. */
export const EXAMPLE_CALL = { items: 1, inputTokens: 200, outputTokens: 256 } as const;

/**
 * `touchstone pricing`: shows the prices, or sets them in the settings file. Those that the owner set from afar win over
 * these, until they are reset. Amounts in tokens of the market.
 */
export function addPricing(program: Command, host: Host): void {
  withSettings(program.command("pricing").description("show the prices, or set them in the settings file"))
    .option("--item <tokens>", "price of an item, whatever its length, such as 0.0001")
    .option("--input <tokens>", "price of a million prompt tokens, on top")
    .option("--output <tokens>", "price of a million tokens of output, on top")
    .option("--reset", "let the running node use the prices of its settings again, whatever its owner set from afar")
    .option("--json", "write JSON")
    .action((options) => pricing(host, options));
}

async function pricing(host: Host, options: Options): Promise<void> {
  const config = requireConfig(await readSettings(host, options));
  const token = await readToken(marketClient(config), config.market);
  const given = Object.entries(PRICES).flatMap(([option, name]) => {
    const value = options[option];
    return value === undefined ? [] : [[name, parseAmount(String(value), token).toString()] as const];
  });
  if (given.length > 0) {
    const { file, content } = await openConfigFile(host, options);
    await writeConfigFile(file, { ...content, ...Object.fromEntries(given) });
  }
  const terms = options.reset === true ? await instruct(host, options, "reset") : await termsInForce(host, config);
  show(host, { token, prices: pricesOf(await readSettings(host, options)), terms }, options.json === true);
}

/** On which terms the node works that runs here; nothing if none runs. */
async function termsInForce(host: Host, settings: Settings): Promise<NodeTerms | undefined> {
  const running = await findRunning(host, settings);
  return (
    running && (await getNodeTerms({ url: running.url, timeoutMs: TIMEOUT_MS, retries: 0 }).catch(() => undefined))
  );
}

/** What there is to show. */
interface Shown {
  readonly token: MarketToken;
  /** Of the settings. */
  readonly prices: Prices;
  /** Of the running node. */
  readonly terms: NodeTerms | undefined;
}

function show(host: Host, { token, prices, terms }: Shown, asJson: boolean): void {
  const { inputTokens: input, outputTokens: output } = EXAMPLE_CALL;
  const inForce = terms && pricesFromWire(terms.prices);
  if (asJson) {
    const example = { input, output, price: priceOf(prices, EXAMPLE_CALL) };
    sayJson(host, { token, prices: named(prices), example, ...(inForce && { inForce: named(inForce) }) });
    return;
  }
  sayTable(host, rowsOf(prices, token));
  if (inForce !== undefined && !isSame(prices, inForce)) {
    const isOwners = terms !== undefined && !isSame(inForce, pricesFromWire(terms.settingsPrices));
    const why = isOwners
      ? "the owner set them; to leave them: touchstone pricing --reset"
      : "the settings changed since its start; restart it to take them";
    sayTable(host, [["the running node asks", why], ...rowsOf(inForce, token)]);
  }
}

function rowsOf(prices: Prices, token: MarketToken): string[][] {
  const rows = Object.entries(named(prices)).map(([key, price]) => [
    TITLES[key as keyof typeof TITLES],
    showAmount(price, token),
  ]);
  const { inputTokens: input, outputTokens: output } = EXAMPLE_CALL;
  const example = `for example ${input} tokens in, ${output} out`;
  return [...rows, [example, showAmount(priceOf(prices, EXAMPLE_CALL), token)]];
}

/** Prices by the names of the options. */
function named(prices: Prices) {
  return { item: prices[PRICES.item], input: prices[PRICES.input], output: prices[PRICES.output] };
}

function isSame(one: Prices, other: Prices): boolean {
  return Object.values(PRICES).every((name) => one[name] === other[name]);
}
