/** The most that may be spent, in token units. Never passed: what is signed for and not settled yet counts as spent. */
export interface Budget {
  /** In all, deposits into channels too, since `storage` was begun. */
  readonly total: bigint;
  /** On one call. Default: what is left of the others. */
  readonly perCall?: bigint | undefined;
  /** With one provider, its channel's deposits too. Default: `total`. */
  readonly perProvider?: bigint | undefined;
}

/** How much each matters where offers are compared; see `scoreOf`. */
export interface RoutingWeights {
  readonly price: number;
  readonly latency: number;
  readonly region: number;
  readonly record: number;
}

/** Which offers may be bought, and how. */
export interface LivePolicy {
  /** The dearest input that is bought, token units for a million tokens. */
  readonly maxInputPrice?: bigint | undefined;
  /** The dearest output that is bought, token units for a million tokens. */
  readonly maxOutputPrice?: bigint | undefined;
  /** Only these providers. */
  readonly providers?: readonly string[] | undefined;
  /** Never these providers. */
  readonly exclude?: readonly string[] | undefined;
  /** Regions that are preferred. */
  readonly regions?: readonly string[] | undefined;
  /** Only models that the court can judge. Default: no. */
  readonly requireVerified?: boolean | undefined;
  /** The least live bond of a provider, token units. Default: `bondMultiple` times what a call may cost. */
  readonly minBond?: bigint | undefined;
  /** How often a provider's live bond must cover what a call may cost. Default 1,000. */
  readonly bondMultiple?: bigint | undefined;
  /** Default: price 1, latency 1, region 0.5, record 4. */
  readonly weights?: Partial<RoutingWeights> | undefined;
  /** Share of calls that try a provider of which little is known, 0 to 1. Default 0.02. */
  readonly exploration?: number | undefined;
  /** Providers that a call tries before it fails. Default 3. */
  readonly attempts?: number | undefined;
  /** How long to wait for the first token of a stream, or for a whole answer. Milliseconds. Default 30,000 and 600,000. */
  readonly firstTokenTimeoutMs?: number | undefined;
  readonly answerTimeoutMs?: number | undefined;
  /** How long a stream that began may be silent. Milliseconds. Default 30,000. */
  readonly stallTimeoutMs?: number | undefined;
  /**
   * Whether a stream that breaks goes on at another provider: `greedy` where the request leaves no choice (temperature 0,
   * or a seed), `always`, `never`. It goes on only if the other begins with the very same text. Default `greedy`.
   */
  readonly resume?: "never" | "greedy" | "always" | undefined;
  /** Prompts leave only encrypted, to providers whose card has a key. Default: no. */
  readonly sealed?: boolean | undefined;
  /** How much a deposit is, within the budget and at least what its call needs; in place of `depositMultiple`. Token units. */
  readonly deposit?: bigint | undefined;
  /** A deposit is this many times what the call may cost, within the budget. Default 20. */
  readonly depositMultiple?: bigint | undefined;
  /** Seconds that a withdrawal from a channel may take at most. Default seven days. */
  readonly maxWithdrawDelay?: number | undefined;
  /** Share of receipts that another provider re-checks, 0 to 1. Default 0.002. */
  readonly recheckShare?: number | undefined;
  /** Whether provable lies are brought to the court, for a bond from the wallet's balance in the market. Default: no. */
  readonly challenge?: boolean | undefined;
  /** How old what is known of offers may get. Milliseconds. Default 60,000. */
  readonly refreshMs?: number | undefined;
}

const DEFAULTS = {
  requireVerified: false,
  bondMultiple: 1_000n,
  exploration: 0.02,
  attempts: 3,
  firstTokenTimeoutMs: 30_000,
  answerTimeoutMs: 600_000,
  stallTimeoutMs: 30_000,
  resume: "greedy",
  sealed: false,
  depositMultiple: 20n,
  maxWithdrawDelay: 7 * 86_400,
  recheckShare: 0.002,
  challenge: false,
  refreshMs: 60_000,
} as const satisfies LivePolicy;

type Defaulted = keyof typeof DEFAULTS;

/** A policy with all that it left out. */
export type FullPolicy = Omit<LivePolicy, Defaulted | "weights"> & {
  readonly [Name in Defaulted]: NonNullable<LivePolicy[Name]>;
} & { readonly weights: RoutingWeights };

const WEIGHTS: RoutingWeights = { price: 1, latency: 1, region: 0.5, record: 4 };

/** Fills in what a policy leaves out. */
export function fullPolicy(policy: LivePolicy = {}): FullPolicy {
  const given = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...given, weights: { ...WEIGHTS, ...policy.weights } };
}
