import { marketAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Hex } from "viem";
import { until } from "./running.ts";
import type { World } from "./world.ts";

/** The events of a job that goes its whole way. */
export const WHOLE_LIFE = ["JobPosted", "JobAccepted", "JobSubmitted", "JobSettled"];

/** Waits until a job is paid; it must have gone its way once. */
export async function untilPaid(world: World, id: Hex, ms = 60_000): Promise<void> {
  const story = await until(
    () => world.storyOf(id),
    (seen) => seen.includes("JobSettled"),
    ms,
  );
  expect(story.filter((event) => event !== "JobSkipped")).to.deep.equal(WHOLE_LIFE); // A batch may pass over it.
}

/** The root that was posted for a job. */
export async function submittedRoot(world: World, id: Hex): Promise<Hex | undefined> {
  const filter = { address: world.market, abi: marketAbi, eventName: "JobSubmitted", fromBlock: 0n } as const;
  const logs = await world.chain.client.getContractEvents(filter);
  return logs.find(({ args }) => args.id === id)?.args.resultRoot;
}

/** Transactions of the node's key since a block: how many, and how many of them the market refused. */
export async function sentSince(
  world: World,
  block: number,
): Promise<{ readonly sent: number; readonly reverted: number }> {
  const { client } = world.chain;
  const head = Number(await client.getBlockNumber());
  let sent = 0;
  let reverted = 0;
  for (let number = block + 1; number <= head; number++) {
    const { transactions } = await client.getBlock({ blockNumber: BigInt(number), includeTransactions: true });
    for (const { from, hash } of transactions) {
      if (from.toLowerCase() === world.operator.address.toLowerCase()) {
        sent += 1;
        const { status } = await client.getTransactionReceipt({ hash });
        reverted += status === "reverted" ? 1 : 0;
      }
    }
  }
  return { sent, reverted };
}
