import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  courtAbi,
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
import { type CourtParameters, localParameters } from "../../../../scripts/network/parameters.ts";
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

/** How a world is made. */
export interface WorldOptions extends TestChainOptions {
  readonly court?: CourtParameters;
}

/** A chain with a market, a provider who staked and a buyer with funds. */
export class World {
  readonly chain: TestChain;
  readonly token: Address;
  readonly market: Address;
  /** Zero where the world has none. */
  readonly court: Address;
  readonly buyer = accountAt(1);
  readonly provider = accountAt(2);
  readonly operator = accountAt(3);
  readonly folder = mkdtempSync(path.join(tmpdir(), "touchstone-test-"));
  #salt = 0;

  private constructor(chain: TestChain, token: Address, market: Address, court: Address) {
    this.chain = chain;
    this.token = token;
    this.market = market;
    this.court = court;
  }

  /** @param options `court`: what a court is deployed with; without it there is none. */
  static async start({ court: parameters, ...options }: WorldOptions = {}): Promise<World> {
    const chain = await startTestChain(options);
    const token = await deploy(chain, "dev/TestToken.sol/TestToken", []);
    const court = parameters === undefined ? zeroAddress : await deployCourt(chain, parameters);
    const market = await deploy(chain, "Market.sol/Market", [token, court, localParameters]);
    const world = new World(chain, token, market, court);
    if (court !== zeroAddress) {
      await world.asCourt(accountAt(0), "bind", [market]);
    }
    await world.fund(world.buyer);
    await world.enrol(world.provider);
    await world.as(world.provider, "setOperator", [world.operator.address, Number(maxUint40)]);
    return world;
  }

  async close(): Promise<void> {
    await this.chain.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Calls the market in someone's name and waits until that is mined. */
  as(account: LocalAccount, functionName: string, args: readonly unknown[]): Promise<Hex> {
    return this.#call(account, this.market, marketAbi, functionName, args);
  }

  /** Calls the court in someone's name and waits until that is mined. */
  asCourt(account: LocalAccount, functionName: string, args: readonly unknown[]): Promise<Hex> {
    return this.#call(account, this.court, courtAbi, functionName, args);
  }

  async #call(
    account: LocalAccount,
    address: Address,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
  ): Promise<Hex> {
    const { client } = this.chain;
    const hash = await client.writeContract({ account, address, abi, functionName, args });
    const { status } = await client.waitForTransactionReceipt({ hash });
    if (status === "reverted") {
      throw new Error(`${functionName} reverted`);
    }
    return hash;
  }

  /** Makes someone a provider with a stake. */
  async enrol(account: LocalAccount): Promise<void> {
    await this.fund(account);
    await this.as(account, "stake", [STAKE]);
  }

  /** Reads the market. */
  read<T>(functionName: string, args: readonly unknown[] = []): Promise<T> {
    const abi: Abi = marketAbi;
    return this.chain.client.readContract({ address: this.market, abi, functionName, args }) as Promise<T>;
  }

  /** Reads the court. */
  readCourt<T>(functionName: string, args: readonly unknown[] = []): Promise<T> {
    const abi: Abi = courtAbi;
    return this.chain.client.readContract({ address: this.court, abi, functionName, args }) as Promise<T>;
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

  /** Names of the court's events about a case, in order. */
  async storyOfCase(id: Hex): Promise<string[]> {
    const logs = await this.chain.client.getContractEvents({ address: this.court, abi: courtAbi, fromBlock: 0n });
    return logs.filter(({ args }) => "caseId" in args && args.caseId === id).map(({ eventName }) => eventName);
  }

  /** The verdict of a closed case. */
  async verdictOf(id: Hex): Promise<number> {
    const [closed] = await this.#courtEvents("CaseClosed", { caseId: id });
    return Number((closed?.args as { readonly verdict?: number } | undefined)?.verdict ?? 0);
  }

  /** How often the court has said something about a job. */
  async countOf(eventName: "Demanded" | "Answered", job: Hex): Promise<number> {
    return (await this.#courtEvents(eventName, { job })).length;
  }

  /** The block in which the court said something about a case first. */
  async firstBlockOf(eventName: "WordCommitted", caseId: Hex): Promise<number | undefined> {
    const [first] = await this.#courtEvents(eventName, { caseId });
    return first && Number(first.blockNumber);
  }

  /** Number of the newest block. */
  async height(): Promise<number> {
    return Number(await this.chain.client.getBlockNumber());
  }

  #courtEvents(eventName: "CaseClosed" | "Demanded" | "Answered" | "WordCommitted", args: object) {
    const { client } = this.chain;
    return client.getContractEvents({ address: this.court, abi: courtAbi, eventName, args, fromBlock: 0n });
  }

  /** How a job ended, if it has. */
  async outcomeOf(id: Hex): Promise<number | undefined> {
    const logs = await this.chain.client.getContractEvents({ address: this.market, abi: marketAbi, fromBlock: 0n });
    const ending = logs.find(({ args }) => "id" in args && args.id === id && "outcome" in args);
    return ending && (ending.args as { readonly outcome: number }).outcome;
  }

  /** Gives someone balance in the market. */
  async fund(account: LocalAccount): Promise<void> {
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

async function deployCourt(chain: TestChain, parameters: CourtParameters): Promise<Address> {
  const randomness = await deploy(chain, "randomness/BlockHashes.sol/BlockHashes", []);
  const registry = await deploy(chain, "CourtRegistry.sol/CourtRegistry", [randomness, parameters]);
  const extension = await deploy(chain, "CourtExtension.sol/CourtExtension", [registry]);
  return deploy(chain, "Court.sol/Court", [extension]);
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
