import {
  type Answer,
  type CaseStatus,
  courtAbi,
  type Demand,
  type Draw,
  type Frozen,
  marketAbi,
} from "@touchstone/sdk/protocol";
import { type Address, type ContractFunctionReturnType, type Hex, type PublicClient, zeroAddress } from "viem";

/** What a court was deployed with. Amounts in token units, times in seconds. */
export type CourtLimits = ContractFunctionReturnType<typeof courtAbi, "view", "courtParameters">;

/** What a demand was about. */
export interface AnsweredItem {
  readonly job: Hex;
  readonly item: number;
  readonly chunk: number;
}

/** Which court is read. */
export interface CourtReaderOptions {
  readonly client: PublicClient;
  readonly court: Address;
}

/** The court that a market names; nothing where it has none. */
export async function courtOf(
  client: Pick<PublicClient, "readContract">,
  market: Address,
): Promise<Address | undefined> {
  const court = await client.readContract({ address: market, abi: marketAbi, functionName: "court" });
  return court === zeroAddress ? undefined : court;
}

/** What the node reads of the court. */
export class CourtReader {
  readonly address: Address;
  readonly #client: PublicClient;
  readonly #contract: { readonly address: Address; readonly abi: typeof courtAbi };

  constructor({ client, court }: CourtReaderOptions) {
    this.#client = client;
    this.#contract = { address: court, abi: courtAbi };
    this.address = court;
  }

  limits(): Promise<CourtLimits> {
    return this.#client.readContract({ ...this.#contract, functionName: "courtParameters" });
  }

  /** Whether the draw chose a submitted job. */
  async drawOf(id: Hex, frozen: Frozen): Promise<Draw> {
    const args = [id, frozen] as const;
    return (await this.#client.readContract({ ...this.#contract, functionName: "drawOf", args })) as Draw;
  }

  async caseOf(id: Hex) {
    const found = await this.#client.readContract({ ...this.#contract, functionName: "caseOf", args: [id] });
    return { ...found, status: found.status as CaseStatus };
  }

  /** Numbers of the seats by position, zero where nobody sits. */
  seatsOf(id: Hex): Promise<readonly number[]> {
    return this.#client.readContract({ ...this.#contract, functionName: "seatsOf", args: [id] });
  }

  /** What a position committed to; its word once that is revealed. */
  wordAt(id: Hex, position: number): Promise<Hex> {
    const args = [id, BigInt(position)] as const;
    return this.#client.readContract({ ...this.#contract, functionName: "wordAt", args });
  }

  /** The open demand for a case, or of a job's client; its deadline is zero if there is none. */
  demandOf(key: Hex): Promise<Demand> {
    return this.#client.readContract({ ...this.#contract, functionName: "demandOf", args: [key] });
  }

  /** The number of an account's seat; zero if it has none. */
  seatOf(owner: Address): Promise<number> {
    return this.#client.readContract({ ...this.#contract, functionName: "seatOf", args: [owner] });
  }

  /** Token units. */
  async stakeOf(seat: number): Promise<bigint> {
    const { stake } = await this.#client.readContract({ ...this.#contract, functionName: "seatAt", args: [seat] });
    return stake;
  }

  panelOf(model: Hex) {
    return this.#client.readContract({ ...this.#contract, functionName: "panelOf", args: [model] });
  }

  /** What an account earned and did not claim yet. Token units. */
  creditOf(account: Address): Promise<bigint> {
    return this.#client.readContract({ ...this.#contract, functionName: "creditOf", args: [account] });
  }

  /** The answer to a demand, as the block says in which it was given; nothing if it is not in that block. */
  async answerIn(block: number, asked: AnsweredItem): Promise<Answer | undefined> {
    const events = await this.#client.getContractEvents({
      ...this.#contract,
      eventName: "Answered",
      args: { job: asked.job },
      fromBlock: BigInt(block),
      toBlock: BigInt(block),
      strict: true,
    });
    const isAsked = ({ item, chunk }: { readonly item: bigint; readonly chunk: bigint }) =>
      item === BigInt(asked.item) && chunk === BigInt(asked.chunk);
    return events.find(({ args }) => isAsked(args))?.args.answer;
  }
}
