import { network } from "hardhat";
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  createPublicClient,
  custom,
  encodeFunctionData,
  type Hex,
  numberToHex,
  type PublicClient,
} from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { courtAbi, marketAbi, testTokenAbi } from "../../../client-sdk/src/protocol/generated/abi.ts";
import { Random } from "./random.ts";

export type Connection = Awaited<ReturnType<typeof network.create>>;

/** The chain did not do what it was asked to. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** The people of a random market, by what they do most. */
export interface People {
  readonly deployer: HDAccount;
  readonly clients: readonly HDAccount[];
  readonly providers: readonly HDAccount[];
  /** One key for each provider. */
  readonly operators: readonly HDAccount[];
  readonly validators: readonly HDAccount[];
  readonly strangers: readonly HDAccount[];
}

export interface Contracts {
  readonly token: Address;
  readonly market: Address;
  readonly court: Address;
}

type Call<A extends Abi, Name extends ContractFunctionName<A, "nonpayable">> = ContractFunctionArgs<
  A,
  "nonpayable",
  Name
>;

const PHRASE = "test test test test test test test test test test test junk";
const GAS = numberToHex(15_000_000);
const START = new Date("2026-01-01T00:00:00Z");

/**
 * A chain in this process on which everything is told by a seed, its clock included: the same calls give the same blocks, hashes and
 * draws. Each transaction has a block of its own, but in a {@link burst}.
 */
export class Ground {
  readonly chain: Connection;
  readonly client: PublicClient;
  readonly random: Random;
  readonly people: People;
  /** The time of the latest block, or of what is waited for. Unix seconds. */
  time: bigint;
  /** Transactions that went through, and those that were refused. */
  readonly counts = { done: 0, refused: 0 };
  #contracts: Contracts | undefined;
  #isBurst = false;

  private constructor(chain: Connection, random: Random) {
    this.chain = chain;
    this.client = createPublicClient({ chain: hardhat, transport: custom(chain.provider), pollingInterval: 10 });
    this.random = random;
    this.time = BigInt(START.getTime() / 1_000);
    const all = Array.from({ length: 40 }, (_, index) => mnemonicToAccount(PHRASE, { addressIndex: index }));
    this.people = {
      deployer: all[0] as HDAccount,
      clients: all.slice(1, 5),
      providers: all.slice(5, 9),
      operators: all.slice(9, 13),
      validators: all.slice(13, 33),
      strangers: all.slice(33),
    };
  }

  static async open(seed: number): Promise<Ground> {
    const accounts = { mnemonic: PHRASE, count: 40 };
    const chain = await network.create({
      override: { accounts, initialDate: START, allowBlocksWithSameTimestamp: true },
    });
    return new Ground(chain, new Random(seed));
  }

  get contracts(): Contracts {
    if (this.#contracts === undefined) throw new Error("The contracts are not deployed yet.");
    return this.#contracts;
  }

  settleOn(contracts: Contracts): void {
    this.#contracts = contracts;
  }

  /** Sends a transaction; throws {@link Refused} where it reverts, which takes a block too. */
  async send(from: Address, to: Address | null, data: Hex): Promise<Hex> {
    if (!this.#isBurst) await this.#setClock(BigInt(this.random.between(1, 4)));
    const transaction = { from, data, gas: GAS, ...(to === null ? {} : { to }) };
    try {
      const hash = await this.#request<Hex>("eth_sendTransaction", [transaction]);
      this.counts.done += 1;
      return hash;
    } catch (cause) {
      this.counts.refused += 1;
      throw new Refused((cause as Error).message, { cause });
    }
  }

  market<const Name extends ContractFunctionName<typeof marketAbi, "nonpayable">>(
    from: HDAccount,
    functionName: Name,
    args: Call<typeof marketAbi, Name>,
  ): Promise<Hex> {
    return this.#call(from, this.contracts.market, marketAbi, functionName, args as readonly unknown[]);
  }

  court<const Name extends ContractFunctionName<typeof courtAbi, "nonpayable">>(
    from: HDAccount,
    functionName: Name,
    args: Call<typeof courtAbi, Name>,
  ): Promise<Hex> {
    return this.#call(from, this.contracts.court, courtAbi, functionName, args as readonly unknown[]);
  }

  token<const Name extends ContractFunctionName<typeof testTokenAbi, "nonpayable">>(
    from: HDAccount,
    functionName: Name,
    args: Call<typeof testTokenAbi, Name>,
  ): Promise<Hex> {
    return this.#call(from, this.contracts.token, testTokenAbi, functionName, args as readonly unknown[]);
  }

  /** Whether what was tried went through. */
  async tries(action: Promise<Hex>): Promise<boolean> {
    try {
      await action;
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  /** Sends several transactions into one block; those that revert are in it, too. */
  async burst(actions: () => Promise<void>): Promise<void> {
    await this.#request("evm_setAutomine", [false]);
    this.#isBurst = true;
    try {
      await actions();
    } finally {
      this.#isBurst = false;
      await this.mine(1);
      await this.#request("evm_setAutomine", [true]);
    }
  }

  /** Lets so many blocks come, a second after the last, all at once. */
  async mine(blocks: number): Promise<void> {
    await this.#setClock(1n);
    await this.#request("hardhat_mine", [numberToHex(blocks), "0x0"]);
  }

  /** Lets time pass, at least to a moment: the next block comes after it. */
  waitUntil(time: bigint): void {
    if (time > this.time) this.time = time;
  }

  async blockNumber(): Promise<bigint> {
    return BigInt(await this.#request<Hex>("eth_blockNumber", []));
  }

  /** Keeps the state of the chain, to come back to. */
  async snapshot(): Promise<() => Promise<void>> {
    const id = await this.#request<Hex>("evm_snapshot", []);
    const { time } = this;
    return async () => {
      await this.#request("evm_revert", [id]);
      this.time = time;
    };
  }

  async close(): Promise<void> {
    await this.chain.close();
  }

  #call(from: HDAccount, to: Address, abi: Abi, functionName: string, args: readonly unknown[]): Promise<Hex> {
    return this.send(from.address, to, encodeFunctionData({ abi, functionName, args }));
  }

  async #setClock(seconds: bigint): Promise<void> {
    this.time += seconds;
    await this.#request("evm_setNextBlockTimestamp", [numberToHex(this.time)]);
  }

  #request<Result>(method: string, params: readonly unknown[]): Promise<Result> {
    return this.chain.provider.request({ method, params: [...params] }) as Promise<Result>;
  }
}

/** Whole tokens in token units. */
export function usd(tokens: number | bigint): bigint {
  return BigInt(tokens) * 1_000_000n;
}
