import { type Account, type Address, createTestClient, http, keccak256, maxUint40, toHex } from "viem";
import { hardhat } from "viem/chains";
import { startChain } from "../network/chain.ts";
import { type MarketClient, marketClient } from "../network/clients.ts";
import { deployMarket } from "../network/deploy.ts";
import { publicCourtParameters, publicParameters } from "../network/parameters.ts";
import { fund } from "../network/providers.ts";

/** A market with public parameters in its steady state: nobody's slot is written for the first time. */
export interface GasWorld {
  readonly client: MarketClient;
  readonly provider: MarketClient;
  /** A valid key of the provider, which sends what nodes send. */
  readonly operator: MarketClient;
  readonly providerAddress: Address;
  /** Lets chain time pass. */
  wait(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const TOKEN = 1_000_000n;
const ALLOWANCE = 10n ** 12n;

/** A hash that no other measure uses. */
export function fresh(): `0x${string}` {
  return keccak256(toHex(counter++));
}
let counter = 1n;

/** Opens a market whose provider has stake, balance, fees, and a job under way that keeps its exposure above zero. */
export async function openGasWorld(): Promise<GasWorld> {
  const chain = await startChain();
  const { rpcUrl } = chain;
  const deployment = await deployMarket(rpcUrl, publicParameters, publicCourtParameters);
  const as = (account: Account) => marketClient({ rpcUrl, market: deployment.market }, account);
  const [client, provider, operator] = [as(chain.account(1)), as(chain.account(2)), as(chain.account(3))];
  const test = createTestClient({ mode: "hardhat", chain: hardhat, transport: http(rpcUrl) });
  const wait = async (seconds: number) => {
    await test.increaseTime({ seconds });
    await test.mine({ blocks: 1 });
  };
  for (const account of [client, provider]) {
    await fund(account, deployment, 2_000n * TOKEN);
    await account.withdraw({ amount: 500n * TOKEN });
    await account.approveToken({ amount: ALLOWANCE });
  }
  await provider.stake({ amount: 1_000n * TOKEN });
  await provider.setOperator({ operator: operator.account.address, validUntil: Number(maxUint40) });
  return { client, provider, operator, providerAddress: provider.account.address, wait, close: () => chain.close() };
}
