import type { Address, Hex } from "viem";
import { getBlock } from "viem/actions";
import type { ContentError, QuoteError, TouchstoneError } from "../errors.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { RequestInput } from "../protocol/request.ts";
import { type SignedQuote, signedQuoteSchema, specToWire } from "../protocol/wire.ts";
import { asTouchstoneError } from "./internal/chain-errors.ts";
import type { OnMarket, ReadClient } from "./internal/clients.ts";
import { requireUrls } from "./internal/content.ts";
import { type HttpErrorType, type HttpOptions, httpJson, routeUrl } from "./internal/http.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";
import { verifyQuote } from "./internal/verify-quote.ts";
import { uploadInput } from "./upload-input.ts";

export interface RequestQuotesParameters extends OnMarket, HttpOptions {
  /** Bases of the nodes to ask, all at once. */
  readonly urls: readonly string[];
  /** The job; provider zero asks for anyone's offer, price zero for any price, else it is the most to pay. */
  readonly spec: JobSpec;
  /** Uploaded to every node first, where given: a node quotes only what it can read. */
  readonly requests?: readonly RequestInput[] | undefined;
}

/** A quote that the market will take. */
export interface Offer {
  readonly url: string;
  readonly job: Hex;
  readonly provider: Address;
  /** Token units. */
  readonly price: bigint;
  /** Unix seconds. */
  readonly validUntil: number;
  /** What `postAcceptedJob` takes. */
  readonly quote: SignedQuote;
}

/** Offers that hold, and why there are no others. */
export interface RequestQuotesReturnType {
  /** The cheapest first. */
  readonly offers: readonly Offer[];
  /** Who made no offer that holds, and why. */
  readonly refusals: readonly { readonly url: string; readonly error: TouchstoneError }[];
}

/** What `refusals` may hold, and what is thrown where the chain itself cannot be read. */
export type RequestQuotesErrorType = ReadErrorType | HttpErrorType | ContentError | QuoteError;

const MAX_QUOTE_BYTES = 16_384;

/**
 * Asks several nodes for an offer and checks each as the market will: signature, operator, job id, capacity, and that
 * nothing but provider and price was filled in.
 *
 * @example
 * const { offers } = await buyer.requestQuotes({ urls, spec, requests });
 * await buyer.postAcceptedJob({ quote: offers[0].quote });
 */
export async function requestQuotes(
  client: ReadClient,
  parameters: RequestQuotesParameters,
): Promise<RequestQuotesReturnType> {
  const { market, urls, spec, requests, ...options } = parameters;
  const answers = await Promise.all(
    requireUrls(urls).map(
      async (base): Promise<{ url: string; offer: Offer } | { url: string; error: TouchstoneError }> => {
        try {
          if (requests !== undefined) {
            await uploadInput({ ...options, url: base, requests });
          }
          const url = routeUrl(base, "quotes");
          const body = { spec: specToWire(spec) };
          const quote = await httpJson(signedQuoteSchema, "quote", {
            ...options,
            url,
            body,
            maxBytes: MAX_QUOTE_BYTES,
          });
          const offered = await verifyQuote(client, market, spec, quote, await nowOf(client));
          return { url: base, offer: offerOf(base, offered, quote) };
        } catch (error) {
          options.signal?.throwIfAborted();
          return { url: base, error: asTouchstoneError(error, "requestQuotes") };
        }
      },
    ),
  );
  const offers = answers.flatMap((answer) => ("offer" in answer ? [answer.offer] : []));
  const refusals = answers.flatMap((answer) => ("error" in answer ? [answer] : []));
  return { offers: offers.sort((a, b) => (a.price < b.price ? -1 : Number(a.price > b.price))), refusals };
}

function offerOf(url: string, { provider, price }: JobSpec, quote: SignedQuote): Offer {
  return { url, job: quote.quote.job, provider, price, validUntil: quote.quote.validUntil, quote };
}

/** The chain's time: by it the market judges. */
async function nowOf(client: ReadClient): Promise<number> {
  const { timestamp } = await chainCall("eth_getBlockByNumber", () => getBlock(client));
  return Number(timestamp);
}
