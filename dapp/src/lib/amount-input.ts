import { formatUnits, parseUnits } from "viem";
import { formatAmount } from "./format.ts";

export interface AmountLimits {
  /** Of the token. */
  readonly decimals: number;
  readonly symbol: string;
  /** Token units. Default: more than nothing. */
  readonly min?: bigint | undefined;
  /** Token units. */
  readonly max?: bigint | undefined;
  /** Where the least comes from, as the end of a sentence: "the least stake". */
  readonly minIs?: string | undefined;
  /** Where the most comes from: "your balance". */
  readonly maxIs?: string | undefined;
}

/** What somebody typed: token units, or why it cannot be used. */
export type AmountInput =
  | { readonly value: bigint; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: string };

/** Reads an amount as people type it: digits, and decimals after a point. Nothing is rounded. */
export function readAmount(text: string, limits: AmountLimits): AmountInput {
  const { decimals, symbol, min = 1n, max, minIs, maxIs } = limits;
  const typed = text.trim();
  const parts = /^(\d{1,18})(?:\.(\d*))?$/.exec(typed);
  if (parts === null) {
    return { error: "Type a number, such as 12.5." };
  }
  const [, whole = "0", fraction = ""] = parts;
  if (fraction.length > decimals) {
    return { error: `${symbol} has ${decimals} decimals at most.` };
  }
  const value = parseUnits(`${whole}.${fraction || "0"}`, decimals);
  const show = (amount: bigint) => `${formatAmount(amount, decimals, decimals)} ${symbol}`;
  if (max !== undefined && value > max) {
    return { error: `That is more than ${maxIs ?? "there is"}, ${show(max)}.` };
  }
  if (value < min) {
    return { error: min === 1n ? "Type more than zero." : `${show(min)} is ${minIs ?? "the least"}.` };
  }
  return { value };
}

/** An amount as a field holds it: exact, and without thousands apart. */
export function writeAmount(value: bigint, decimals: number): string {
  return formatUnits(value, decimals);
}
