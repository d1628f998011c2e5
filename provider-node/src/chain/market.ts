import { type JobSpec, type JobStatus, marketAbi } from "@touchstone/sdk/protocol";
import type { Address, ContractFunctionReturnType, Hex, PublicClient } from "viem";

/** What a market was deployed with. */
export type MarketLimits = ContractFunctionReturnType<typeof marketAbi, "view", "parameters">;

/** Which market is read, and for whom. */
export interface MarketReaderOptions {
  readonly client: PublicClient;
  readonly market: Address;
  readonly provider: Address;
  /** The key that acts for the provider. */
  readonly operator: Address;
}

/** What the node reads of its market. */
export class MarketReader {
  readonly #client: PublicClient;
  readonly #contract: { readonly address: Address; readonly abi: typeof marketAbi };
  readonly #provider: Address;
  readonly #operator: Address;

  constructor({ client, market, provider, operator }: MarketReaderOptions) {
    this.#client = client;
    this.#contract = { address: market, abi: marketAbi };
    this.#provider = provider;
    this.#operator = operator;
  }

  /** Whether there is a contract at the market's address. */
  async isDeployed(): Promise<boolean> {
    return (await this.#client.getCode({ address: this.#contract.address })) !== undefined;
  }

  limits(): Promise<MarketLimits> {
    return this.#client.readContract({ ...this.#contract, functionName: "parameters" });
  }

  /** Whether the node's key may act for an account now. */
  isOperator(account: Address): Promise<boolean> {
    const args = [account, this.#operator] as const;
    return this.#client.readContract({ ...this.#contract, functionName: "isOperator", args });
  }

  /** How much more the provider may accept now, token units. */
  capacity(): Promise<bigint> {
    return this.#client.readContract({ ...this.#contract, functionName: "capacityOf", args: [this.#provider] });
  }

  async jobOf(id: Hex) {
    const job = await this.#client.readContract({ ...this.#contract, functionName: "jobOf", args: [id] });
    return { ...job, status: job.status as JobStatus };
  }

  reserveOf(client: Address) {
    return this.#client.readContract({ ...this.#contract, functionName: "reserveOf", args: [client] });
  }

  /** Plays an order's fulfilment on the chain as it is, without sending anything. Throws what the market says. */
  async tryFulfil(spec: JobSpec, signature: Hex): Promise<void> {
    await this.#client.simulateContract({
      ...this.#contract,
      account: this.#operator,
      functionName: "fulfil",
      args: [spec, signature, spec.input], // any root that is not zero
    });
  }
}
