import { BlockNotFoundError, type PublicClient, RpcRequestError } from "viem";

/** Tells the number of the last final block, given the newest. */
export type FinalityRule = (head: number) => Promise<number>;

/**
 * How this chain says what is final: by its `finalized` tag where that moves, else by depth.
 *
 * Development chains answer the tag with the newest block or the first one; neither says anything.
 */
export async function finalityRule(client: PublicClient, depth: number): Promise<FinalityRule> {
  const [tagged, head] = await Promise.all([taggedNumber(client), client.getBlockNumber()]);
  const isMoving = tagged !== undefined && tagged > 0 && tagged < Number(head);
  return isMoving
    ? async () => (await taggedNumber(client)) ?? 0
    : (newest) => Promise.resolve(Math.max(0, newest - depth));
}

async function taggedNumber(client: PublicClient): Promise<number | undefined> {
  try {
    return Number((await client.getBlock({ blockTag: "finalized" })).number);
  } catch (error) {
    const isUnknown = error instanceof BlockNotFoundError || (error as Error).cause instanceof RpcRequestError;
    if (isUnknown) {
      return undefined;
    }
    throw error;
  }
}
