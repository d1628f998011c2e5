/** As much of a channel as its sums are made of. Token units. */
export interface ChannelSums {
  /** As the client knows it; the chain's word, where it was read, counts more. */
  readonly deposited: bigint;
  readonly spent: bigint;
  /** All that was paid in and did not go back, and what of it was claimed. */
  readonly chain: { readonly balance: bigint; readonly totalClaimed: bigint } | undefined;
}

/** What was put into a channel, and what of it is spent; both without what came back. */
export function sharesOf({ deposited, spent, chain }: ChannelSums): {
  readonly deposited: bigint;
  readonly spent: bigint;
} {
  return { deposited: chain?.balance ?? deposited, spent };
}

/** What is left in a channel. */
export function leftIn(channel: ChannelSums): bigint {
  const { deposited, spent } = sharesOf(channel);
  return deposited > spent ? deposited - spent : 0n;
}
