import type { Address, Hex } from "viem";
import { jobSpecTypes, marketDomain } from "./generated/typed-data.ts";
import { typedDigest } from "./struct-hash.ts";

/** What is asked for. Immutable: it travels in calldata and events, and its hash is the job's id. */
export interface JobSpec {
  /** Who pays, is repaid, and may cancel. */
  readonly client: Address;
  /** Who may accept. Zero: anyone. */
  readonly provider: Address;
  /** {@link modelId} of the model. */
  readonly model: Hex;
  /** {@link inputRoot} of all items. */
  readonly input: Hex;
  /** How many items the input has. */
  readonly items: number;
  /** For the whole job, in token units. */
  readonly price: bigint;
  /** An accept is in time before this. Unix seconds. */
  readonly acceptBy: number;
  /** A submit is in time for so many seconds after the accept. */
  readonly submitWithin: number;
  /** A challenge is in time for so many seconds after the submit; then the job may be settled. */
  readonly challengeWindow: number;
  /** 0, or `SEALED`: inputs are for the provider alone, no random audit. */
  readonly flags: number;
  /** Reserved: zero. */
  readonly callback: Address;
  /** Reserved: zero. */
  readonly callbackGas: number;
  /** Makes jobs that are equal otherwise distinct. */
  readonly salt: Hex;
}

/** Which market, on which chain: what ids and signatures are bound to. */
export interface MarketReference {
  readonly chainId: number;
  /** The `Market` contract. */
  readonly market: Address;
}

/**
 * The EIP-712 typed data of a job. A client that signs it has signed an order.
 *
 * @returns Arguments for viem's `signTypedData` or, without `primaryType` and `EIP712Domain`, ethers'.
 */
export function jobTypedData({ chainId, market, spec }: MarketReference & { readonly spec: JobSpec }) {
  return {
    domain: { ...marketDomain, chainId, verifyingContract: market },
    types: jobSpecTypes,
    primaryType: "JobSpec",
    message: spec,
  } as const;
}

/**
 * The id of a job: the EIP-712 digest of its spec under the market's domain, so it binds chain and market.
 * Mirrors `JobSpecLib` and `Market.jobId`.
 *
 * @returns 32 bytes.
 */
export function jobId(parameters: MarketReference & { readonly spec: JobSpec }): Hex {
  return typedDigest(jobTypedData(parameters));
}
