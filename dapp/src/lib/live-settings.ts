import type { LivePolicy } from "@touchstone/sdk";
import { isAddress } from "viem";

/** What matters most where several providers sell the same model. */
export type Preference = "balanced" | "cheapest" | "fastest";

/** What somebody set on the playground. Amounts in token units. */
export interface LiveSettings {
  /** Name of the model; nothing: the first on offer. */
  readonly model: string | undefined;
  readonly preference: Preference;
  /** Only models that the court can judge. */
  readonly isVerifiedOnly: boolean;
  /** The dearest million tokens of output. */
  readonly maxPrice: bigint | undefined;
  /** Only this provider. */
  readonly provider: `0x${string}` | undefined;
  /** Put into a channel at a time; nothing: the least that the provider takes. */
  readonly deposit: bigint | undefined;
  /** The most that this browser may spend for the account; nothing: {@link DEFAULT_LIMIT} whole tokens. */
  readonly limit: bigint | undefined;
}

/** Whole tokens. */
export const DEFAULT_LIMIT = 10n;

export const DEFAULT_SETTINGS: LiveSettings = {
  model: undefined,
  preference: "balanced",
  isVerifiedOnly: false,
  maxPrice: undefined,
  provider: undefined,
  deposit: undefined,
  limit: undefined,
};

const WEIGHTS = {
  balanced: undefined,
  cheapest: { price: 8, latency: 0.1 },
  fastest: { price: 0.1, latency: 8 },
} as const;

/** The policy that the settings come to. */
export function policyOf(settings: LiveSettings): LivePolicy {
  const { preference, isVerifiedOnly, maxPrice, provider, deposit } = settings;
  return {
    weights: WEIGHTS[preference],
    requireVerified: isVerifiedOnly,
    maxOutputPrice: maxPrice,
    providers: provider === undefined ? undefined : [provider],
    // A deposit is at least what the provider takes: one unit asks for no more than that.
    deposit: deposit ?? 1n,
  };
}

/** Settings as storage keeps them. */
export function encodeSettings(settings: LiveSettings): string {
  return JSON.stringify(settings, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** What storage has of settings; whatever is missing or makes no sense is as at the start. */
export function decodeSettings(text: string | null): LiveSettings {
  const { model, preference, isVerifiedOnly, maxPrice, provider, deposit, limit } = fieldsOf(text);
  const isPreference = typeof preference === "string" && Object.hasOwn(WEIGHTS, preference);
  return {
    model: typeof model === "string" ? model : undefined,
    preference: isPreference ? (preference as Preference) : DEFAULT_SETTINGS.preference,
    isVerifiedOnly: isVerifiedOnly === true,
    maxPrice: amountOf(maxPrice),
    provider: typeof provider === "string" && isAddress(provider) ? provider : undefined,
    deposit: amountOf(deposit),
    limit: amountOf(limit),
  };
}

function fieldsOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function amountOf(value: unknown): bigint | undefined {
  return typeof value === "string" && /^\d{1,30}$/.test(value) ? BigInt(value) : undefined;
}
