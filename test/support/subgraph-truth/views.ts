import type {
  Address,
  ContractFunctionArgs,
  ContractFunctionName,
  ContractFunctionReturnType,
  PublicClient,
} from "viem";
import { courtAbi, marketAbi } from "../../../client-sdk/src/protocol/generated/abi.ts";
import type { Contracts } from "../random-market/ground.ts";

type MarketView = ContractFunctionName<typeof marketAbi, "view">;
type CourtView = ContractFunctionName<typeof courtAbi, "view">;

/** What the contracts themselves say now. */
export class Views {
  readonly #client: PublicClient;
  readonly #contracts: Contracts;

  constructor(client: PublicClient, contracts: Contracts) {
    this.#client = client;
    this.#contracts = contracts;
  }

  market<const Name extends MarketView>(
    functionName: Name,
    args: ContractFunctionArgs<typeof marketAbi, "view", Name>,
  ): Promise<ContractFunctionReturnType<typeof marketAbi, "view", Name>> {
    return this.#read(this.#contracts.market, marketAbi, functionName, args as readonly unknown[]);
  }

  court<const Name extends CourtView>(
    functionName: Name,
    args: ContractFunctionArgs<typeof courtAbi, "view", Name>,
  ): Promise<ContractFunctionReturnType<typeof courtAbi, "view", Name>> {
    return this.#read(this.#contracts.court, courtAbi, functionName, args as readonly unknown[]);
  }

  async #read<Result>(
    address: Address,
    abi: typeof marketAbi | typeof courtAbi,
    functionName: string,
    args: readonly unknown[],
  ): Promise<Result> {
    return (await this.#client.readContract({ address, abi, functionName, args } as never)) as Result;
  }
}
