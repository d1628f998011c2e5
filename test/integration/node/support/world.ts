import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  encodeRequest,
  inputRoot,
  type JobSpec,
  jobId,
  jobTypedData,
  marketAbi,
  requestHash,
  testTokenAbi,
} from "@touchstone/sdk/protocol";
import { type Abi, type Address, type Hex, type LocalAccount, maxUint40, numberToHex, zeroAddress } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { ROOT } from "../../../../scripts/lib/paths.ts";
import { localParameters } from "../../../../scripts/network/parameters.ts";
import { startTestChain, type TestChain, type TestChainOptions } from "./chain.ts";

const PHRASE = "test test test test test test test test test test test junk";
const STAKE = 100_000_000n;
const FUNDS = 1_000_000_000n;

/** The funded development account of this index. */
export function accountAt(addressIndex: number): LocalAccount {
  return mnemonicToAccount(PHRASE, { addressIndex });
}

/** What a test asks of a job beyond the ordinary. */
export type JobWishes = Partial<JobSpec> & { readonly requests?: readonly Uint8Array[] };

/** A chain with a market, a provider who staked and a buyer with funds. */
export class World {
  readonly chain: TestChain;
  readonly token: Address;
  readonly market: Address;
  readonly buyer = accountAt(1);
  readonly provider = accountAt(2);
  readonly operator = accountAt(3);
  readonly folder = mkdtempSync(path.join(tmpdir(), "touchstone-test-"));
  #salt = 0;

  private constructor(chain: TestChain, token: Address, market: Address) {
    this.chain = chain;
    this.token = token;
    this.market = market;
  }

  static async start(options: TestChainOptions = {}): Promise<World> {
    const chain = await startTestChain(options);
    const token = await deploy(chain, "dev/TestToken.sol/TestToken", []);
    const market = await deploy(chain, "Market.sol/Market", [token, zeroAddress, localParameters]);
    const world = new World(chain, token, market);
    await world.#fund(world.buyer);
    await world.enrol(world.provider);
    await world.as(world.provider, "setOperator", [world.operator.address, Number(maxUint40)]);
    return world;
  }

  async close(): Promise<void> {
    await this.chain.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Calls the market in someone's name and waits until that is mined. */
  async as(account: LocalAccount, functionName: string, args: readonly unknown[]): Promise<Hex> {
    const abi: Abi = marketAbi;
    const { client } = this.chain;
    const hash = await client.writeContract({ account, address: this.market, abi, functionName, args });
    const { status } = await client.waitForTransactionReceipt({ hash });
    if (status === "reverted") {
      throw new Error(`${functionName} reverted`);
    }
    return hash;
  }

  /** Makes someone a provider with a stake. */
  async enrol(account: LocalAccount): Promise<void> {
    await this.#fund(account);
    await this.as(account, "stake", [STAKE]);
  }

  /** Reads the market. */
  read<T>(functionName: string, args: readonly unknown[] = []): Promise<T> {
    const abi: Abi = marketAbi;
    return this.chain.client.readContract({ address: this.market, abi, functionName, args }) as Promise<T>;
  }

  /** Chain time, unix seconds. */
  async now(): Promise<number> {
    return Number((await this.chain.client.getBlock()).timestamp);
  }

  /** A spec for the provider, good for a while; `requests` give its input. */
  async spec(model: Hex, { requests = prompts(2), ...wishes }: JobWishes = {}): Promise<JobSpec> {
    this.#salt += 1;
    return {
      client: this.buyer.address,
      provider: this.provider.address,
      model,
      input: inputRoot(requests.map(requestHash)),
      items: requests.length,
      price: 1_000_000n,
      acceptBy: (await this.now()) + 600,
      submitWithin: 600,
      challengeWindow: 2,
      flags: 0,
      callback: zeroAddress,
      callbackGas: 0,
      salt: numberToHex(this.#salt, { size: 32 }),
      ...wishes,
    };
  }

  idOf(spec: JobSpec): Hex {
    return jobId({ chainId: this.chain.client.chain.id, market: this.market, spec });
  }

  /** Posts a job in the buyer's name. */
  async post(spec: JobSpec, uri = ""): Promise<Hex> {
    await this.as(this.buyer, "post", [spec, uri]);
    return this.idOf(spec);
  }

  /** The buyer's signature under an order. */
  sign(spec: JobSpec): Promise<Hex> {
    return this.buyer.signTypedData(jobTypedData({ chainId: this.chain.client.chain.id, market: this.market, spec }));
  }

  /** How often the node's key has sent a transaction that was mined. */
  operatorNonce(): Promise<number> {
    return this.chain.client.getTransactionCount({ address: this.operator.address });
  }

  /** Names of the market's events about a job, in order. */
  async storyOf(id: Hex): Promise<string[]> {
    const logs = await this.chain.client.getContractEvents({ address: this.market, abi: marketAbi, fromBlock: 0n });
    return logs.filter(({ args }) => "id" in args && args.id === id).map(({ eventName }) => eventName);
  }

  async #fund(account: LocalAccount): Promise<void> {
    const { client } = this.chain;
    const token = { account, address: this.token, abi: testTokenAbi } as const;
    const minted = await client.writeContract({ ...token, functionName: "mint", args: [account.address, FUNDS] });
    await client.waitForTransactionReceipt({ hash: minted });
    const approved = await client.writeContract({ ...token, functionName: "approve", args: [this.market, FUNDS] });
    await client.waitForTransactionReceipt({ hash: approved });
    await this.as(account, "deposit", [account.address, FUNDS]);
  }
}

/** So many requests of a few words. */
export function prompts(count: number, maxTokens = 4): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    encodeRequest({ messages: [{ role: "user", content: `Tell story number ${index}` }], maxTokens }),
  );
}

async function deploy(chain: TestChain, artifact: string, args: readonly unknown[]): Promise<Address> {
  const file = path.join(ROOT, "artifacts", "contracts", `${artifact}.json`);
  const { abi, bytecode } = JSON.parse(readFileSync(file, "utf8")) as { readonly abi: Abi; readonly bytecode: Hex };
  const hash = await chain.client.deployContract({ account: accountAt(0), abi, bytecode, args });
  const { contractAddress } = await chain.client.waitForTransactionReceipt({ hash });
  if (contractAddress === null || contractAddress === undefined) {
    throw new Error(`${artifact} was not deployed`);
  }
  return contractAddress;
}
