import { completionText, enumName, Outcome } from "@touchstone/sdk";
import CliTable, { type TableConstructorOptions } from "cli-table3";
import { formatUnits } from "viem";
import type { LocalNetwork } from "../network/network.ts";
import { nameOf, type Trade } from "./run.ts";

const DECIMALS = 6;
const STORY_WIDTH = 64;
const PROMPT_WIDTH = 26;

/** What `--json` prints, in one line: token amounts as decimal strings of token units, gas as numbers. */
export function asJson({ chain, deployment }: LocalNetwork, trade: Trade): string {
  const { ended, results, model, prompts, gas, before, after } = trade;
  const report = {
    chainId: chain.chainId,
    market: deployment.market,
    token: deployment.token,
    job: {
      id: ended.job,
      items: ended.spec.items,
      provider: results.provider,
      model,
      root: results.root,
      outcome: outcomeOf(trade),
      price: ended.spec.price.toString(),
    },
    outputs: results.items.map(({ index, output, outputHash }) => ({
      index,
      prompt: prompts[index],
      text: completionText(output),
      outputHash,
    })),
    gas,
    balances: { before: asStrings(before), after: asStrings(after) },
  };
  return JSON.stringify(report);
}

/** What people see. */
export function asTables(network: LocalNetwork, trade: Trade): string {
  return [stories(trade), summary(network, trade), gas(trade), balances(trade)].join("\n\n");
}

function stories({ results, prompts }: Trade): string {
  const table = plainTable({
    head: ["prompt", "story", "output hash"],
    colWidths: [PROMPT_WIDTH, STORY_WIDTH, 16],
    wordWrap: true,
  });
  for (const { index, output, outputHash } of results.items) {
    table.push([prompts[index] ?? "", completionText(output).trim(), `${outputHash.slice(0, 12)}…`]);
  }
  return table.toString();
}

function summary(network: LocalNetwork, trade: Trade): string {
  const { ended, results, model } = trade;
  const table = plainTable();
  table.push(
    { job: ended.job },
    { provider: `${nameOf(network, results.provider)} (${results.provider})` },
    { model },
    { "result root": results.root },
    { outcome: outcomeOf(trade) },
    { price: tokens(ended.spec.price) },
    { "paid to the provider": tokens(ended.ending?.paid ?? 0n) },
    { fee: tokens(ended.ending?.fee ?? 0n) },
  );
  return table.toString();
}

function gas({ gas: used, ended }: Trade): string {
  const table = plainTable({ head: ["step", "gas"], colAligns: ["left", "right"] });
  for (const [step, amount] of Object.entries(used)) {
    table.push([step, amount === 0 ? "in the step before" : amount.toLocaleString("en")]);
  }
  table.push(["an item", Math.round(used.total / ended.spec.items).toLocaleString("en")]);
  return table.toString();
}

/** What everyone had before and has now. */
export function balances({ before, after }: Pick<Trade, "before" | "after">): string {
  const table = plainTable({
    head: ["balance in the market", "before", "after", "change"],
    colAligns: ["left", "right", "right", "right"],
  });
  for (const [name, start] of Object.entries(before)) {
    const end = after[name] ?? 0n;
    table.push([name, tokens(start), tokens(end), `${end > start ? "+" : ""}${tokens(end - start)}`]);
  }
  return table.toString();
}

/** A table without colours, which files and pipes would show as noise. */
export function plainTable(options: TableConstructorOptions = {}): CliTable.Table {
  return new CliTable({ ...options, style: { ...options.style, head: [], border: [] } });
}

function outcomeOf({ ended }: Trade): string {
  return enumName(Outcome, ended.ending?.outcome ?? Outcome.None) ?? "None";
}

/** An amount for people. */
export function tokens(units: bigint): string {
  return `${formatUnits(units, DECIMALS)} tUSD`;
}

/** Amounts for JSON. */
export function asStrings(amounts: Readonly<Record<string, bigint>>): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount.toString()]));
}
