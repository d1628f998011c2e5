import { createTestClient, http, publicActions, walletActions } from "viem";
import { foundry } from "viem/chains";
import { startAnvil } from "../../support/anvil.ts";

/** An anvil chain in a process of its own, with the means to make it misbehave. */
export interface TestChain {
  readonly rpcUrl: string;
  readonly client: ReturnType<typeof clientOf>;
  /** Replaces the newest blocks by as many empty ones; their transactions are gone. */
  reorg(depth: number): Promise<void>;
  stop(): Promise<void>;
}

export interface TestChainOptions {
  /** Seconds between blocks; left out: a block for each transaction. */
  readonly blockTime?: number;
  /** How many development accounts have coins; ten unless said otherwise. */
  readonly accounts?: number;
}

export async function startTestChain({ blockTime, accounts = 10 }: TestChainOptions = {}): Promise<TestChain> {
  const pace = blockTime === undefined ? [] : ["--block-time", `${blockTime}`];
  const { rpcUrl, stop } = await startAnvil("--accounts", `${accounts}`, ...pace);
  const client = clientOf(rpcUrl);
  return {
    rpcUrl,
    client,
    reorg: async (depth) => {
      await client.request({ method: "anvil_reorg", params: [depth, []] } as never);
    },
    stop,
  };
}

function clientOf(rpcUrl: string) {
  return createTestClient({ chain: foundry, mode: "anvil", transport: http(rpcUrl), pollingInterval: 10, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions);
}
