import { type Address, getAddress, type Hex, type Log, numberToHex } from "viem";
import { chainIdOf, type ReadClient } from "../actions/internal/clients.ts";
import { courtOf } from "../actions/internal/court.ts";
import { inParallel } from "../actions/internal/in-parallel.ts";
import { getLogsInRange } from "../actions/internal/logs.ts";
import { chainCall } from "../actions/internal/transact.ts";
import { ChainError } from "../errors.ts";
import type { TimedLog } from "./fold/events.ts";

/** A block, as far as an index needs it. */
export interface BlockHead {
  readonly number: bigint;
  readonly hash: Hex;
  /** Unix seconds. */
  readonly timestamp: number;
}

const PARALLEL_BLOCKS = 8;

/** A block of the chain's; nothing where it has none of this number. */
export async function readBlock(client: ReadClient, number: bigint | "latest"): Promise<BlockHead | undefined> {
  const tag = number === "latest" ? number : numberToHex(number);
  const block = await chainCall("eth_getBlockByNumber", () =>
    client.request({ method: "eth_getBlockByNumber", params: [tag, false] }),
  );
  if (block === null || block.hash === null || block.number === null) {
    return undefined;
  }
  return { number: BigInt(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
}

/** The latest block. */
export async function readHead(client: ReadClient): Promise<BlockHead> {
  const head = await readBlock(client, "latest");
  if (head === undefined) {
    throw new ChainError("RPC_FAILED", "The RPC server knows no latest block: is it syncing? Try again later.");
  }
  return head;
}

/** Which contracts of which chain. */
export interface Contracts {
  readonly chainId: number;
  readonly market: Address;
  /** Nothing where the market has none. */
  readonly court: Address | undefined;
}

/** The chain and the court of a market. */
export async function readContracts(client: ReadClient, market: Address): Promise<Contracts> {
  const withoutCourt = (error: unknown) => {
    if (error instanceof ChainError && error.code === "COURT_MISSING") {
      return undefined;
    }
    throw error;
  };
  const [chainId, court] = await Promise.all([chainIdOf(client), courtOf(client, market).catch(withoutCourt)]);
  return { chainId, market: getAddress(market), court: court && getAddress(court) };
}

/** Reads the logs of a market and its court with the times of their blocks. */
export class LogReader {
  readonly #client: ReadClient;
  readonly #addresses: readonly Address[];
  /** Of blocks whose logs came without; by hash, so that a reorganisation does no harm. */
  #times = new Map<Hex, number>();

  constructor(client: ReadClient, { market, court }: Contracts) {
    this.#client = client;
    this.#addresses = court === undefined ? [market] : [market, court];
  }

  /** All logs of a range of blocks, in chain order. */
  async read(fromBlock: bigint, toBlock: bigint): Promise<TimedLog[]> {
    const query = { address: this.#addresses, topics: [], fromBlock, toBlock };
    const logs = (await getLogsInRange(this.#client, query)).sort(inChainOrder);
    const untimed = new Map(logs.filter((log) => log.blockTimestamp == null).map((log) => [log.blockHash, log]));
    const times = new Map([...this.#times].filter(([hash]) => untimed.has(hash)));
    const unknown = [...untimed.values()].filter(({ blockHash }) => !times.has(blockHash));
    await inParallel(unknown, PARALLEL_BLOCKS, async (log) => {
      times.set(log.blockHash, await this.#timeOf(log));
    });
    this.#times = times;
    return logs.map((log) => ({ log, timestamp: Number(log.blockTimestamp ?? times.get(log.blockHash)) }));
  }

  async #timeOf({ blockHash, blockNumber }: Log<bigint, number, false>): Promise<number> {
    const block = await readBlock(this.#client, blockNumber);
    if (block?.hash !== blockHash) {
      const sentence = `Block ${blockNumber} was replaced while its logs were read. Ask again.`;
      throw new ChainError("RPC_FAILED", sentence, { details: { blockNumber, blockHash } });
    }
    return block.timestamp;
  }
}

function inChainOrder(a: Log<bigint, number, false>, b: Log<bigint, number, false>): number {
  return a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : Number(a.blockNumber - b.blockNumber);
}
