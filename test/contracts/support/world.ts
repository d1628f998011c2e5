import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { type MarketParameters, publicParameters } from "../../../scripts/network/parameters.ts";
import type { Market, TestCourt, TestToken } from "../../../types/ethers-contracts/index.ts";

export type Chain = Awaited<ReturnType<typeof network.create>>;

export const ZERO_ADDRESS = `0x${"0".repeat(40)}`;
export const ZERO_HASH = `0x${"0".repeat(64)}`;
/** Where burned stake goes. */
export const BURN_ACCOUNT = "0x000000000000000000000000000000000000dEaD";

/** What every actor has to start with, in token units. */
export const CLIENT_BALANCE = usd(1_000);
export const PROVIDER_BALANCE = usd(10);
export const PROVIDER_STAKE = usd(100);
export const WALLET = usd(500);

/** A market with its people: the client has deposited, `provider` and `rival` are staked, `operator` is a key of `provider`. */
export interface MarketWorld {
  readonly chain: Chain;
  readonly token: TestToken;
  readonly market: Market;
  readonly client: HardhatEthersSigner;
  readonly provider: HardhatEthersSigner;
  readonly operator: HardhatEthersSigner;
  readonly rival: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly friend: HardhatEthersSigner;
}

/** A market with a court that does what it is told. */
export interface World extends MarketWorld {
  /** The market's court, if it has one; deployed anyway, so that tests can play an impostor. */
  readonly court: TestCourt;
}

export interface WorldOptions {
  /** Whether the market has a court; none by default. */
  readonly hasCourt?: boolean;
  /** Changes to the parameters of public networks. */
  readonly parameters?: Partial<MarketParameters>;
  /** The name of the token's contract, {@link TestToken} or one derived from it. */
  readonly token?: string;
  readonly chainId?: number;
}

/** Whole tokens in token units. */
export function usd(whole: number | bigint): bigint {
  return BigInt(whole) * 1_000_000n;
}

/** Starts a chain of its own and tells how to get a fresh world on it. */
export async function openWorlds(options: WorldOptions = {}): Promise<() => Promise<World>> {
  const { chainId } = options;
  const chain = await network.create(chainId === undefined ? {} : { override: { chainId } });
  const fixture = () => createWorld(chain, options);
  return () => chain.networkHelpers.loadFixture(fixture);
}

async function createWorld(chain: Chain, options: WorldOptions): Promise<World> {
  const { ethers } = chain;
  const [, client, provider, operator, rival, stranger, friend] = await ethers.getSigners();
  const court = await ethers.deployContract("TestCourt");
  const token = await ethers.getContractAt("TestToken", await ethers.deployContract(options.token ?? "TestToken"));
  const market = await ethers.deployContract("Market", [
    token,
    options.hasCourt ? court : ZERO_ADDRESS,
    { ...publicParameters, ...options.parameters },
  ]);
  await court.serve(market);
  const world = { chain, token, market, court, client, provider, operator, rival, stranger, friend };
  await settleIn(world);
  return world;
}

/** A second market on the same chain with the same token and people, who have as much there. */
export async function openMarketBeside(world: World, court: string): Promise<World> {
  const { chain, token } = world;
  const market = await chain.ethers.deployContract("Market", [token, court, publicParameters]);
  const beside = { ...world, market };
  await settleIn(beside);
  return beside;
}

/** Gives the people of a new market what they have to start with. */
export async function settleIn(world: MarketWorld): Promise<void> {
  const { chain, token, market, client, provider, operator, rival, stranger, friend } = world;
  for (const actor of [client, provider, rival, stranger, friend]) {
    await token.mint(actor, WALLET);
    await token.connect(actor).approve(market, chain.ethers.MaxUint256);
  }
  await fund(world, client, CLIENT_BALANCE);
  for (const staker of [provider, rival]) {
    await fund(world, staker, PROVIDER_BALANCE + PROVIDER_STAKE);
    await market.connect(staker).stake(PROVIDER_STAKE);
  }
  await market.connect(provider).setOperator(operator, 2n ** 40n - 1n);
}

/** Gives an account free balance out of nothing. */
export async function fund(
  world: MarketWorld,
  account: { getAddress(): Promise<string> },
  amount: bigint,
): Promise<void> {
  const payer = (await world.chain.ethers.getSigners())[0];
  await world.token.mint(payer, amount);
  await world.token.connect(payer).approve(world.market, amount);
  await world.market.connect(payer).deposit(await account.getAddress(), amount);
}
