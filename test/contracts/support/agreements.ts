import { now } from "./clock.ts";
import { ROOT, type Spec, specOf } from "./jobs.ts";
import { type Signer, signOrder, signQuote } from "./signatures.ts";
import type { MarketWorld } from "./world.ts";

/** What a buyer needs to post a job already accepted. */
export interface SignedQuote {
  readonly spec: Spec;
  readonly validUntil: bigint;
  readonly signer: string;
  readonly signature: string;
}

/** What a provider needs to fulfil a job that was never posted. */
export interface SignedOrder {
  readonly spec: Spec;
  readonly signature: string;
}

/** A quote of the world's provider, or signed by somebody else, good for a minute. */
export async function quoted(
  world: MarketWorld,
  changes: Partial<Spec> = {},
  { by = world.provider, validUntil }: { by?: Signer; validUntil?: bigint } = {},
): Promise<SignedQuote> {
  const spec = await specOf(world, changes);
  const until = validUntil ?? (await now(world)) + 60n;
  const signature = await signQuote(world, by, spec, until);
  return { spec, validUntil: until, signer: await by.getAddress(), signature };
}

/** Has the client post with the quote. */
export function take({ market, client }: MarketWorld, { spec, validUntil, signer, signature }: SignedQuote) {
  return market.connect(client).postAccepted(spec, validUntil, signer, signature);
}

/** An order of the world's client, or signed by somebody else. */
export async function ordered(
  world: MarketWorld,
  changes: Partial<Spec> = {},
  by: Signer = world.client,
): Promise<SignedOrder> {
  const spec = await specOf(world, changes);
  return { spec, signature: await signOrder(world, by, spec) };
}

/** Has the provider fulfil the order. */
export function fulfil({ market, provider }: MarketWorld, { spec, signature }: SignedOrder) {
  return market.connect(provider).fulfil(spec, signature, ROOT);
}
