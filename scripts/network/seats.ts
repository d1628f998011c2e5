import { availableParallelism } from "node:os";
import path from "node:path";
import { type ModelTerms, termsId } from "@touchstone/sdk/protocol";
import { type Address, maxUint40 } from "viem";
import type { LocalChain } from "./chain.ts";
import { type MarketClient, marketClient } from "./clients.ts";
import { type Daemon, START, startDaemon, untilReady } from "./daemon.ts";
import type { Deployment } from "./deploy.ts";
import { freeUrl, writeNodeFiles } from "./node-files.ts";
import { fund } from "./providers.ts";

/** A validator whose node, which does nothing but judge, runs in a process of its own. */
export interface LocalSeat {
  /** Its number at the court. */
  readonly seat: number;
  readonly account: Address;
  /** The key of its node. */
  readonly operator: Address;
  readonly daemon: Daemon;
}

/** What a panel is made of. */
export interface PanelPlan {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  /** What is judged. */
  readonly terms: ModelTerms;
  readonly seats: number;
  /** Index of the first development account; each seat takes two. */
  readonly firstAccount: number;
  readonly folder: string;
}

/** A seat on chain, before its node runs. */
interface SeatOnChain {
  readonly seat: number;
  readonly account: Address;
  readonly operator: Address;
  readonly config: string;
  readonly url: string;
  readonly logFile: string;
}

const READY_MS = 300_000;

/** Opens a model's panel and fills it: stakes, operator keys, slots. The nodes do not run yet. */
export async function formPanel(plan: PanelPlan): Promise<readonly SeatOnChain[]> {
  const { chain, deployment, terms, firstAccount } = plan;
  const opener = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, chain.account(firstAccount));
  await opener.openPanel({ terms });
  return await Promise.all(Array.from({ length: plan.seats }, (_, index) => takeSeat(plan, index)));
}

async function takeSeat(plan: PanelPlan, index: number): Promise<SeatOnChain> {
  const { chain, deployment, terms, firstAccount } = plan;
  const account = chain.account(firstAccount + 2 * index);
  const operator = chain.account(firstAccount + 2 * index + 1);
  const cold = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, account);
  const { seatStake } = await cold.getCourtParameters();
  await fund(cold, deployment, 2n * seatStake); // The other half is for deposits on demands.
  const { seat } = await cold.stakeSeat({ amount: seatStake });
  await cold.setOperator({ operator: operator.address, validUntil: Number(maxUint40) });
  await cold.joinPanel({ model: termsId(terms) });

  const folder = path.join(plan.folder, `seat-${seat}`);
  const url = await freeUrl();
  // One of many on this machine; each does a chore after a moment of its own.
  const settings = {
    seat: account.address,
    serve: false,
    contextSequences: 1,
    choreJitterSeconds: 2,
    pollIntervalMs: 500,
  };
  const config = await writeNodeFiles(chain, deployment, { folder, operator, url, settings });
  const logFile = path.join(folder, "node.log");
  return { seat, account: account.address, operator: operator.address, config, url, logFile };
}

/** Starts the nodes of seats, a few at once for each core, and waits until all are ready. */
export async function startSeats(
  seats: readonly SeatOnChain[],
  onStart: (seat: LocalSeat) => void,
): Promise<readonly LocalSeat[]> {
  const waiting = [...seats];
  const started: LocalSeat[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { seat, account, operator, config, url, logFile } = next;
      const daemon = startDaemon([...START, "--config", config], logFile);
      const local = { seat, account, operator, daemon };
      onStart(local);
      started.push(local);
      await untilReady(daemon, url, READY_MS).catch((error: unknown) => {
        waiting.length = 0; // The others must not start what nobody would stop.
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
  return started.sort((one, other) => one.seat - other.seat);
}

/** Waits until the seats are old enough, and has the market know that the model can be judged. */
export async function untilVerified(client: MarketClient, terms: ModelTerms): Promise<void> {
  const model = termsId(terms);
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    const { isVerified } = await client.refreshPanel({ model });
    if (isVerified) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, client.pollingInterval));
  }
  throw new Error(`The panel of ${model} cannot judge: are there enough seats?`);
}
