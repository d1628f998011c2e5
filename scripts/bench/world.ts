import { network } from "hardhat";
import { type Account, type Address, createTestClient, http, keccak256, maxUint40, toHex, zeroAddress } from "viem";
import { hardhat } from "viem/chains";
import { type LocalChain, startChain } from "../network/chain.ts";
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
  readonly market: Address;
  /** Somebody new, with free balance. */
  newcomer(): Promise<MarketClient>;
  /** Lets chain time pass. */
  wait(seconds: number): Promise<void>;
  /** Lets blocks come. */
  mine(blocks: number): Promise<void>;
  close(): Promise<void>;
}

const TOKEN = 1_000_000n;
const ALLOWANCE = 10n ** 12n;

/** A hash that no other measure uses. */
export function fresh(): `0x${string}` {
  return keccak256(toHex(counter++));
}
let counter = 1n;

/**
 * Opens a market whose provider has stake, balance, fees, and a job under way that keeps its exposure above zero.
 *
 * @param hasCourt Without one, it is the job lane alone.
 */
export async function openGasWorld(hasCourt: boolean): Promise<GasWorld> {
  const chain = await startChain();
  const { rpcUrl } = chain;
  const whole = await deployMarket(rpcUrl, publicParameters, publicCourtParameters);
  const deployment = hasCourt ? whole : { ...whole, market: await deployLane(chain, whole.token) };
  const as = (account: Account) => marketClient({ rpcUrl, market: deployment.market }, account);
  const [client, provider, operator] = [as(chain.account(1)), as(chain.account(2)), as(chain.account(3))];
  const test = createTestClient({ mode: "hardhat", chain: hardhat, transport: http(rpcUrl) });
  const wait = async (seconds: number) => {
    await test.increaseTime({ seconds });
    await test.mine({ blocks: 1 });
  };
  const mine = (blocks: number) => test.mine({ blocks });
  let newcomers = 0;
  const newcomer = async () => {
    const account = as(chain.account(10 + newcomers++));
    await fund(account, deployment, 100n * TOKEN);
    return account;
  };
  for (const account of [client, provider]) {
    await fund(account, deployment, 2_000n * TOKEN);
    await account.withdraw({ amount: 500n * TOKEN });
    await account.approveToken({ amount: ALLOWANCE });
  }
  await provider.stake({ amount: 1_000n * TOKEN });
  await provider.setOperator({ operator: operator.account.address, validUntil: Number(maxUint40) });
  // One job stays under way, so that the exposure never falls to zero.
  const standing = { model: fresh(), input: fresh(), items: 1, price: TOKEN, provider: provider.account.address };
  const { spec } = await client.postJob({ ...standing, submitWithin: 30 * 86_400 });
  await operator.acceptJob({ spec, provider: provider.account.address });
  await client.reserve({ amount: 100n * TOKEN });
  const people = { client, provider, operator, providerAddress: provider.account.address, newcomer };
  return { ...people, market: deployment.market, wait, mine, close: () => chain.close() };
}

/** A market without a court, which serves the token. */
async function deployLane(chain: LocalChain, token: Address): Promise<Address> {
  const connection = await network.create({ network: "localhost", override: { url: chain.rpcUrl } });
  try {
    const market = await connection.ethers.deployContract("Market", [token, zeroAddress, { ...publicParameters }]);
    return (await market.getAddress()) as Address;
  } finally {
    await connection.close();
  }
}
