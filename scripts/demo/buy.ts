import type { ListedProvider } from "@touchstone/sdk";
import type { Address, Hex } from "viem";
import type { MarketClient } from "../network/clients.ts";
import type { Mode } from "./options.ts";

/** A job on its way. */
export interface Bought {
  readonly job: Hex;
  /** Base of a node that tells of its progress, where it is known who has the job. */
  readonly url: string | undefined;
  /** What each provider asked for the whole job, where they were asked. Token units. */
  readonly offers: readonly { readonly provider: Address; readonly price: bigint }[];
}

/** What is bought. */
export interface Order {
  readonly model: Hex;
  readonly requests: readonly string[];
  /** Seconds between submit and settlement. */
  readonly challengeWindow: number;
}

/** One way to buy for each mode. The sellers are those that offer the model. */
const BUY: Record<Mode, (buyer: MarketClient, sellers: readonly ListedProvider[], order: Order) => Promise<Bought>> = {
  quoted,
  direct,
  open,
  order,
};

/** Buys in one of the market's ways. */
export function buy(mode: Mode, buyer: MarketClient, sellers: readonly ListedProvider[], what: Order): Promise<Bought> {
  return BUY[mode](buyer, sellers, what);
}

/** Everyone is asked; the cheapest offer is taken, in one transaction. */
async function quoted(buyer: MarketClient, sellers: readonly ListedProvider[], what: Order): Promise<Bought> {
  const offers = await ask(buyer, sellers, what);
  const best = offers[0];
  const { job } = await buyer.postAcceptedJob({ quote: best.quote });
  return { job, url: best.url, offers };
}

/** The job names the cheapest provider, at the price that it asks. */
async function direct(buyer: MarketClient, sellers: readonly ListedProvider[], what: Order): Promise<Bought> {
  const offers = await ask(buyer, sellers, what);
  const { provider, price, url } = offers[0];
  const { job } = await buyer.postJob({ ...what, provider, price, uri: url });
  return { job, url, offers };
}

/** The job is open to all, at the highest price that anyone asks; who accepts first has it. */
async function open(buyer: MarketClient, sellers: readonly ListedProvider[], what: Order): Promise<Bought> {
  const offers = await ask(buyer, sellers, what);
  const dearest = offers[offers.length - 1] ?? offers[0];
  const { job } = await buyer.postJob({ ...what, price: dearest.price, uri: offers[0].url });
  return { job, url: undefined, offers };
}

/** The job is signed, not posted: the provider brings it on chain together with the result. */
async function order(buyer: MarketClient, sellers: readonly ListedProvider[], what: Order): Promise<Bought> {
  const offers = await ask(buyer, sellers, what);
  const { provider, price, url } = offers[0];
  await buyer.reserve({ amount: price });
  const { spec } = await buyer.prepareJob({ ...what, provider, price });
  const signed = await buyer.signOrder({ spec });
  const { job } = await buyer.sendOrder({ url, order: signed.order });
  return { job, url, offers };
}

/** Uploads the input to every seller and returns their offers, cheapest first. */
async function ask(buyer: MarketClient, sellers: readonly ListedProvider[], { requests, ...what }: Order) {
  const { spec } = await buyer.prepareJob({ ...what, requests, price: 0n });
  const urls = sellers.map(({ endpoint }) => endpoint);
  const { offers, refusals } = await buyer.requestQuotes({ urls, spec, requests });
  const [first, ...others] = offers;
  if (first === undefined) {
    throw new Error(`Nobody made an offer: ${refusals.map(({ url, error }) => `${url}: ${error.message}`).join("; ")}`);
  }
  return [first, ...others] as const;
}
