import { formatUnits } from "viem";
import { formatAmount } from "./format.ts";

/** A count, or an amount in token units. */
export type ChartValue = number | bigint;

/** In what amounts are. */
export interface ChartUnit {
  readonly decimals: number;
  readonly symbol: string;
}

/** Where a value lies in a plot. Amounts lose what a float cannot hold: nobody sees that in a line. */
export function plotted(value: ChartValue, unit: ChartUnit | undefined): number {
  return typeof value === "number" ? value : Number(formatUnits(value, unit?.decimals ?? 0));
}

/** A value in words: every digit of an amount, and its symbol. */
export function written(value: ChartValue, unit: ChartUnit | undefined): string {
  return typeof value === "number"
    ? value.toLocaleString("en-US")
    : `${formatAmount(value, unit?.decimals ?? 0, unit?.decimals ?? 0)} ${unit?.symbol ?? ""}`.trim();
}

/** A mark at an axis, short: `0.0012`, `1.5`, `25K`. */
export function axisMark(value: number): string {
  return value.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 3 });
}
