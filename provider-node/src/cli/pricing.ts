import { priceOf } from "@touchstone/sdk/protocol";
import type { Command } from "commander";
import type { SettingName, Settings } from "../config.ts";
import { requireConfig } from "../config-sources.ts";
import { openConfigFile, writeConfigFile } from "./config-file.ts";
import type { Host } from "./host.ts";
import { type MarketToken, marketClient, parseAmount, readToken, showAmount } from "./market.ts";
import { sayJson, sayTable } from "./output.ts";
import { readSettings, withSettings } from "./settings.ts";

type Options = Readonly<Record<string, unknown>>;

const PRICES = {
  item: "pricePerItem",
  input: "pricePerMillionInputTokens",
  output: "pricePerMillionOutputTokens",
} as const satisfies Record<string, SettingName>;

const TITLES = { item: "an item", input: "a million prompt tokens", output: "a million output tokens" } as const;

/** The item that prices are compared by: what a short chat message and its answer are long. */
export const EXAMPLE_CALL = { items: 1, inputTokens: 200, outputTokens: 256 } as const;

/** `touchstone pricing`: shows the prices, or sets them in the settings file. Amounts in tokens of the market. */
export function addPricing(program: Command, host: Host): void {
  withSettings(program.command("pricing").description("show the prices, or set them in the settings file"))
    .option("--item <tokens>", "price of an item, whatever its length, such as 0.0001")
    .option("--input <tokens>", "price of a million prompt tokens, on top")
    .option("--output <tokens>", "price of a million tokens of output, on top")
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
  show(host, await readSettings(host, options), token, options.json === true);
}

function show(host: Host, settings: Settings, token: MarketToken, asJson: boolean): void {
  const prices = { item: settings.pricePerItem, input: settings[PRICES.input], output: settings[PRICES.output] };
  const { inputTokens: input, outputTokens: output } = EXAMPLE_CALL;
  const example = priceOf(settings, EXAMPLE_CALL);
  if (asJson) {
    sayJson(host, { token, prices, example: { input, output, price: example } });
    return;
  }
  const rows = Object.entries(TITLES).map(([key, title]) => [
    title,
    showAmount(prices[key as keyof typeof TITLES], token),
  ]);
  const title = `for example ${input} tokens in, ${output} out`;
  sayTable(host, [...rows, [title, showAmount(example, token)]]);
}
