import type { Address, LocalAccount } from "viem";
import type { Logger } from "./logger.ts";

/** A hosted endpoint with OpenAI's API that serves where the market cannot. */
export interface FallbackOptions {
  /** Base with its version, such as `https://api.example.com/v1`. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** Its names for the models that buyers ask for. `*` stands for any other; a model without an entry has no fallback. */
  readonly models: Readonly<Record<string, string>>;
  /**
   * `no-offer`: only where nobody on the market offers the model within the ceilings. `always-after-failure`: also where
   * those that do failed before the first token.
   */
  readonly when: "no-offer" | "always-after-failure";
  /** What its tokens are booked at against the budgets of keys. Token units a million. */
  readonly pricePerMillionInputTokens: bigint;
  readonly pricePerMillionOutputTokens: bigint;
}

/** Which offers of the market calls may be bought at. */
export interface CallPolicy {
  /** Only models that the court can judge. */
  readonly requireVerified?: boolean | undefined;
  /** Regions that are preferred. */
  readonly regions?: readonly string[] | undefined;
  /** Prompts leave only encrypted, to providers that have a key for it. */
  readonly sealed?: boolean | undefined;
  /** Only these providers. */
  readonly providers?: readonly string[] | undefined;
  /** Never these providers. */
  readonly exclude?: readonly string[] | undefined;
}

/** What a gateway must be told. */
export interface GatewayRequired {
  /** The buyer: pays for calls and jobs. Needs tokens, and the chain's own currency for the gas of jobs. */
  readonly account: LocalAccount;
  /** JSON-RPC endpoints of the chain, best first. */
  readonly rpcUrls: readonly string[];
  /** The `Market` contract. */
  readonly market: Address;
  /** The block of the market's deployment: no event is older. Default 0, which some RPC servers find too far. */
  readonly fromBlock?: bigint | undefined;
  /** Folder of keys, usage, files and batches; made where it is not there. One gateway a folder. */
  readonly dataDir: string;
}

/** What has a standard, see {@link GATEWAY_DEFAULTS}. Amounts in token units. */
export interface GatewayLimits {
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Most that one call may cost, whatever it asks for. */
  readonly maxPricePerCall: bigint;
  /** Most that may be out on one provider's channel. */
  readonly maxPricePerProvider: bigint;
  /** Most that is spent on calls, deposits into channels too, since the data folder was begun. */
  readonly maxPriceInAll: bigint;
  /** Offers above this, input or output, do not fit; 0: any price does. A million tokens. */
  readonly maxPricePerMillionTokens: bigint;
  /** Most that a job of a batch may cost. */
  readonly maxPricePerJob: bigint;
  /** Calls under way at once, of all keys. */
  readonly maxCalls: number;
  /** Longest body of a call. */
  readonly maxBodyBytes: number;
  /** Longest file. */
  readonly maxFileBytes: number;
  /** Most that all files may take on disk. */
  readonly maxStoreBytes: number;
  /** Most lines of a batch. */
  readonly maxBatchLines: number;
  /** Most items, and most bytes of their requests, that go into one job: nodes take no more at once. */
  readonly maxJobItems: number;
  readonly maxJobBytes: number;
  /** How long a client may take to send the headers of a request. */
  readonly headersTimeoutMs: number;
  /** How long a client may take to send a request, or to read on. */
  readonly bodyTimeoutMs: number;
  /** How often the chain is asked how far jobs are. */
  readonly pollIntervalMs: number;
}

/** How a gateway is started. */
export interface GatewayOptions extends GatewayRequired, Partial<GatewayLimits> {
  /** Which offers calls may be bought at, beside the ceilings above. */
  readonly policy?: CallPolicy | undefined;
  /** Without it what the market cannot serve is refused. */
  readonly fallback?: FallbackOptions | undefined;
  /** Where it says what it does; nowhere if left out. Never keys, prompts or outputs. */
  readonly logger?: Logger | undefined;
}

/** What holds where options do not say otherwise. */
export const GATEWAY_DEFAULTS: GatewayLimits = {
  host: "127.0.0.1",
  port: 4180,
  maxPricePerCall: 1_000_000n,
  maxPricePerProvider: 10_000_000n,
  maxPriceInAll: 100_000_000n,
  maxPricePerMillionTokens: 0n,
  maxPricePerJob: 100_000_000n,
  maxCalls: 256,
  maxBodyBytes: 2 ** 20,
  maxFileBytes: 100 * 2 ** 20,
  maxStoreBytes: 4 * 2 ** 30,
  maxBatchLines: 50_000,
  maxJobItems: 1_000,
  maxJobBytes: 768 * 1024,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 30_000,
  pollIntervalMs: 1_000,
};
