import { type AbiEvent, BlockNotFoundError, decodeEventLog, type Hex, type Log, type PublicClient } from "viem";
import type { ChainEvent, EventBlock, EventTransaction } from "./asc-events.ts";
import { EntityStore } from "./entities.ts";
import type { LogLevel } from "./host-functions.ts";
import type { DataSource, Handler, Subgraph } from "./manifest.ts";

/** A block that was indexed. */
export interface IndexedBlock {
  readonly number: number;
  readonly hash: Hex;
  readonly parentHash: Hex;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

export interface HostOptions {
  readonly subgraph: Subgraph;
  readonly client: PublicClient;
  /** The contracts of this chain, by the names of their data sources. */
  readonly addresses: Readonly<Record<string, Hex>>;
  /** The first block to index; 0 by default. */
  readonly fromBlock?: bigint;
}

interface FullBlock extends EventBlock {
  readonly transactions: readonly EventTransaction[];
}

/** A small stand-in for graph-node: runs a subgraph's compiled mappings on the events of a chain, and takes blocks back when the chain does. */
export class SubgraphHost {
  readonly subgraph: Subgraph;
  readonly store: EntityStore;
  /** How often each handler ran. */
  readonly runs = new Map<string, number>();
  /** What mappings logged. */
  readonly messages: { readonly level: LogLevel; readonly message: string }[] = [];
  /** How many blocks were taken back. */
  reverted = 0;
  readonly #client: PublicClient;
  readonly #sources = new Map<string, DataSource>();
  readonly #fromBlock: bigint;
  /** Blocks with events, and those at which a sync ended, oldest first. */
  readonly #blocks: IndexedBlock[] = [];

  constructor({ subgraph, client, addresses, fromBlock = 0n }: HostOptions) {
    this.subgraph = subgraph;
    this.store = new EntityStore(subgraph.schema);
    this.#client = client;
    this.#fromBlock = fromBlock;
    for (const source of subgraph.dataSources) {
      const address = addresses[source.name]?.toLowerCase();
      if (address === undefined) throw new Error(`no address is given for the data source ${source.name}`);
      this.#sources.set(address, source);
    }
  }

  /** The latest block that was indexed. */
  get head(): IndexedBlock | undefined {
    return this.#blocks.at(-1);
  }

  /** The latest block known to the host at or before a number; the first where there is none. */
  blockAt(number: number): IndexedBlock | undefined {
    return this.#blocks.findLast((block) => block.number <= number) ?? this.#blocks[0];
  }

  blockOf(hash: string): IndexedBlock | undefined {
    return this.#blocks.find((block) => block.hash === hash.toLowerCase());
  }

  /** Follows the chain to its head: takes back what is no longer on it, then indexes what is new. */
  async sync(): Promise<void> {
    await this.#revert();
    const head = await this.#client.getBlock({ blockTag: "latest" });
    const start = this.head === undefined ? this.#fromBlock : BigInt(this.head.number) + 1n;
    if (head.number < start) return;
    const address = [...this.#sources.keys()] as Hex[];
    const logs = await this.#client.getLogs({ address, fromBlock: start, toBlock: head.number });
    const byBlock = Map.groupBy(logs, (log) => log.blockNumber);
    for (const [blockNumber, ofBlock] of [...byBlock].sort(([a], [b]) => Number(a - b))) {
      const block = (await this.#client.getBlock({ blockNumber, includeTransactions: true })) as FullBlock;
      for (const log of ofBlock.sort((a, b) => a.logIndex - b.logIndex)) this.#handle(block, log);
      this.#blocks.push(asIndexed(block));
    }
    if (this.head?.hash !== head.hash) this.#blocks.push(asIndexed(head));
  }

  /** Drops blocks that the chain does not have any more. */
  async #revert(): Promise<void> {
    for (let last = this.head; last !== undefined; last = this.head) {
      const block = await this.#client.getBlock({ blockNumber: BigInt(last.number) }).catch(orNone);
      if (block?.hash === last.hash) return;
      this.#blocks.pop();
      this.reverted += 1;
      this.store.revertTo(this.head?.number ?? -1);
    }
  }

  #handle(block: FullBlock, log: Log<bigint, number, false>): void {
    const source = this.#sources.get(log.address);
    const handler = source?.handlers.get(log.topics[0] as Hex);
    if (source === undefined || handler === undefined) return;
    const transaction = block.transactions[log.transactionIndex];
    if (transaction === undefined) throw new Error(`block ${block.number} lacks a transaction of its logs`);
    const context = {
      schema: this.subgraph.schema,
      store: this.store,
      block: Number(block.number),
      time: block.timestamp,
      dataSource: { address: log.address, network: source.network },
      log: (level: LogLevel, message: string) => void this.messages.push({ level, message }),
    };
    try {
      source.mapping.run(handler.name, decoded(handler, block, transaction, log), context);
    } catch (cause) {
      const place = `log ${log.logIndex} of block ${block.number}`;
      throw new Error(`${handler.name} failed on ${place}: ${(cause as Error).message}`, { cause });
    }
    this.runs.set(handler.name, (this.runs.get(handler.name) ?? 0) + 1);
  }
}

function decoded({ event }: Handler, block: EventBlock, transaction: EventTransaction, log: Log): ChainEvent {
  const [signature, ...topics] = log.topics;
  if (signature === undefined) throw new Error("a log has no topics");
  const { address, data, logIndex } = log;
  return { address, logIndex: logIndex ?? 0, block, transaction, inputs: event.inputs, values: argumentsOf(event) };

  function argumentsOf(abi: AbiEvent): readonly unknown[] {
    const { args } = decodeEventLog({ abi: [abi], data, topics: [signature as Hex, ...topics] });
    const named = args as unknown as Readonly<Record<string, unknown>>;
    return abi.inputs.map(({ name = "" }) => named[name]);
  }
}

/** The chain may be shorter than it was. */
function orNone(error: unknown): undefined {
  if (!(error instanceof BlockNotFoundError)) throw error;
}

function asIndexed({ number, hash, parentHash, timestamp }: EventBlock): IndexedBlock {
  return { number: Number(number), hash, parentHash, timestamp };
}
