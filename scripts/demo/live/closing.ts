import { setTimeout as sleep } from "node:timers/promises";
import { BATCH_SETTLEMENT_ADDRESS, batchSettlementAbi, testTokenAbi } from "@touchstone/sdk/protocol";
import { type Address, type Hex, parseEventLogs } from "viem";
import type { LocalNetwork } from "../../network/network.ts";
import type { PaidCall } from "./check-receipt.ts";
import type { LiveOffer } from "./offers.ts";

/** Who has how much by name, token units. */
export type Purses = Readonly<Record<string, bigint>>;

/** A transaction that moved money of the calls. */
export interface Step {
  readonly name: "deposit" | "claim" | "settle" | "refund";
  readonly transaction: Hex;
  /** Token units. */
  readonly amount: bigint;
  /** Zero for a step that shares its transaction with an earlier one. */
  readonly gas: number;
}

/** Channels that the buyer's calls went through, with what each was charged in all. */
export type Charges = ReadonlyMap<Hex, bigint>;

const STEPS = { Deposited: "deposit", Claimed: "claim", Settled: "settle", Refunded: "refund" } as const;
const POLL_MS = 250;

/** What each channel was charged in all, by the receipts of calls that came one after the other. */
export function chargesOf(calls: readonly PaidCall[]): Charges {
  return new Map(calls.map(({ envelope: { receipt } }) => [receipt.channelId, receipt.cumulative]));
}

/** What is in the wallets of the buyer and of those whom the providers have paid, and in the channels, unclaimed. */
export async function pursesOf(
  network: LocalNetwork,
  offers: readonly LiveOffer[],
  charges: Charges = new Map(),
): Promise<Purses> {
  const walletOf = (account: Address) =>
    network.buyer.readContract({
      address: network.deployment.token,
      abi: testTokenAbi,
      functionName: "balanceOf",
      args: [account],
    });
  const rests = await Promise.all([...charges.keys()].map((id) => restOf(network, id)));
  const receivers = offers.map(async ({ name, live }) => [name, await walletOf(live.receiver)] as const);
  return {
    buyer: await walletOf(network.buyer.account.address),
    "in channels": rests.reduce((sum, rest) => sum + rest, 0n),
    ...Object.fromEntries(await Promise.all(receivers)),
  };
}

function stateOf({ buyer }: LocalNetwork, id: Hex): Promise<readonly [bigint, bigint]> {
  return buyer.readContract({
    address: BATCH_SETTLEMENT_ADDRESS,
    abi: batchSettlementAbi,
    functionName: "channels",
    args: [id],
  });
}

async function restOf(network: LocalNetwork, id: Hex): Promise<bigint> {
  const [balance, claimed] = await stateOf(network, id);
  return balance - claimed;
}

/** Waits until the nodes have claimed all that was charged, and the providers have been paid. */
export async function untilSettled(
  network: LocalNetwork,
  offers: readonly LiveOffer[],
  charges: Charges,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSettled(network, offers, charges))) {
    if (Date.now() > deadline) {
      throw new Error(`The providers did not claim within ${timeoutMs / 1_000} s.`);
    }
    await sleep(POLL_MS);
  }
}

async function isSettled(network: LocalNetwork, offers: readonly LiveOffer[], charges: Charges): Promise<boolean> {
  const channels = await Promise.all(
    [...charges].map(async ([id, charged]) => (await stateOf(network, id))[1] === charged),
  );
  const receivers = await Promise.all(offers.map((offer) => isPaid(network, offer)));
  return [...channels, ...receivers].every(Boolean);
}

async function isPaid({ buyer, deployment }: LocalNetwork, { live }: LiveOffer): Promise<boolean> {
  const [claimed, settled] = await buyer.readContract({
    address: BATCH_SETTLEMENT_ADDRESS,
    abi: batchSettlementAbi,
    functionName: "receivers",
    args: [live.receiver, deployment.token],
  });
  return claimed === settled;
}

/** What the channels of this network saw from a block on, in order. */
export async function stepsSince({ buyer }: LocalNetwork, fromBlock: bigint): Promise<readonly Step[]> {
  const logs = await buyer.getLogs({ address: BATCH_SETTLEMENT_ADDRESS, fromBlock });
  const seen = new Set<Hex>();
  const steps: Step[] = [];
  for (const { eventName, args, transactionHash } of parseEventLogs({ abi: batchSettlementAbi, logs })) {
    const name = Object.entries(STEPS).find(([event]) => event === eventName)?.[1];
    if (name !== undefined) {
      const amount = "claimAmount" in args ? args.claimAmount : "amount" in args ? args.amount : 0n;
      const { gasUsed } = await buyer.getTransactionReceipt({ hash: transactionHash });
      steps.push({ name, transaction: transactionHash, amount, gas: seen.has(transactionHash) ? 0 : Number(gasUsed) });
      seen.add(transactionHash);
    }
  }
  return steps;
}
