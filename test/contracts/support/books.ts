import { BURN_ACCOUNT, type MarketWorld } from "./world.ts";

/**
 * All money of a market, by where it is: `client.balance`, `provider.stake`, `pool` and so on; `tokens` is what the
 * market holds; `escrow` is what of that no other entry explains. `*.exposure` is no money, but kept beside it.
 */
export type Books = Readonly<Record<string, bigint>>;

/** The books of a world. `others` are accounts beside the world's own people. */
export async function booksOf(world: MarketWorld, others: Readonly<Record<string, string>> = {}): Promise<Books> {
  const { market, token } = world;
  const accounts = { ...peopleOf(world), ...others };
  const parts = await Promise.all(Object.entries(accounts).map(([name, address]) => partsOf(world, name, address)));
  const books: Record<string, bigint> = Object.assign({ pool: await market.pool() }, ...parts);
  const tokens = await token.balanceOf(market);
  const explained = Object.entries(books).filter(([name]) => !name.endsWith(".exposure"));
  const escrow = explained.reduce((rest, [, amount]) => rest - amount, tokens);
  return { ...books, tokens, escrow };
}

/** What an action changed in the books: only entries that moved, by how much. */
export async function movesOf(
  world: MarketWorld,
  action: () => Promise<unknown>,
  others: Readonly<Record<string, string>> = {},
): Promise<Books> {
  const before = await booksOf(world, others);
  await action();
  const after = await booksOf(world, others);
  const moves = Object.keys(after).map((name) => [name, after[name] - before[name]] as const);
  return Object.fromEntries(moves.filter(([, amount]) => amount !== 0n));
}

function peopleOf({ client, provider, operator, rival, stranger, friend }: MarketWorld): Record<string, string> {
  const people = { client, provider, operator, rival, stranger, friend };
  const addresses = Object.entries(people).map(([name, signer]) => [name, signer.address]);
  return { ...Object.fromEntries(addresses), burned: BURN_ACCOUNT };
}

async function partsOf({ market }: MarketWorld, name: string, address: string): Promise<Record<string, bigint>> {
  const [account, reserve, unbonding] = await Promise.all([
    market.accountOf(address),
    market.reserveOf(address),
    market.unbondingOf(address),
  ]);
  return {
    [`${name}.balance`]: account.balance,
    [`${name}.stake`]: account.stake,
    [`${name}.exposure`]: account.exposure,
    [`${name}.fees`]: account.fees,
    [`${name}.reserve`]: reserve.amount,
    [`${name}.unbonding`]: unbonding.amount,
  };
}
