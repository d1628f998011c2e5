import type { Hex } from "viem";
import { marketDomain, quoteTypes } from "./generated/typed-data.ts";
import type { MarketReference } from "./job.ts";
import { typedDigest } from "./struct-hash.ts";

/** A provider's promise to take one job on, signed off chain. */
export interface Quote {
  /** Id of the job as it will be posted, with this provider and its price. */
  readonly job: Hex;
  /** The quote is good before this. Unix seconds. */
  readonly validUntil: number;
}

/** The EIP-712 typed data of a quote, for `signTypedData`. */
export function quoteTypedData({ chainId, market, quote }: MarketReference & { readonly quote: Quote }) {
  return {
    domain: { ...marketDomain, chainId, verifyingContract: market },
    types: quoteTypes,
    primaryType: "Quote",
    message: quote,
  } as const;
}

/** What the provider or its operator signs. Mirrors `QuoteLib` under the market's domain. */
export function quoteDigest(parameters: MarketReference & { readonly quote: Quote }): Hex {
  return typedDigest(quoteTypedData(parameters));
}
