import { type Address, formatLog, type Hex, HttpRequestError, type Log, numberToHex, RpcRequestError } from "viem";
import { getBlockNumber } from "viem/actions";
import { TouchstoneError } from "../../errors.ts";
import type { ReadClient } from "./clients.ts";
import { chainCall } from "./transact.ts";

/** With what a server may refuse a request that asks for too much. */
const RANGE_STATUS: readonly number[] = [400, 413];

/** Topics as `eth_getLogs` has them: a list means any of, null any at all. */
export type Topics = readonly (Hex | readonly Hex[] | null)[];

export interface LogsQuery {
  /** One contract, or several whose logs come merged. */
  readonly address: Address | readonly Address[];
  readonly topics: Topics;
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** Logs of a range of blocks in their order. A range that the RPC server finds too long is asked for in halves. */
export async function getLogsInRange(client: ReadClient, query: LogsQuery): Promise<Log<bigint, number, false>[]> {
  const { fromBlock, toBlock } = query;
  if (fromBlock > toBlock) {
    return [];
  }
  try {
    return await ask(client, query);
  } catch (error) {
    // A server that answered with an error may have meant the range; one that did not answer is simply down.
    if (fromBlock === toBlock || !(error instanceof TouchstoneError && error.walk(isAnswer))) {
      throw error;
    }
    const middle = fromBlock + (toBlock - fromBlock) / 2n;
    const first = await getLogsInRange(client, { ...query, toBlock: middle });
    return [...first, ...(await getLogsInRange(client, { ...query, fromBlock: middle + 1n }))];
  }
}

/** The number of the latest block, not from viem's cache. */
export function latestBlockNumber(client: ReadClient): Promise<bigint> {
  return chainCall("eth_blockNumber", () => getBlockNumber(client, { cacheTime: 0 }));
}

function isAnswer(cause: unknown): boolean {
  return (
    cause instanceof RpcRequestError || (cause instanceof HttpRequestError && RANGE_STATUS.includes(cause.status ?? 0))
  );
}

async function ask(
  client: ReadClient,
  { address, topics, fromBlock, toBlock }: LogsQuery,
): Promise<Log<bigint, number, false>[]> {
  const logs = await chainCall("eth_getLogs", () =>
    client.request({
      method: "eth_getLogs",
      params: [
        {
          address: typeof address === "string" ? address : [...address],
          topics: topics.map((topic) => (typeof topic === "string" || topic === null ? topic : [...topic])),
          fromBlock: numberToHex(fromBlock),
          toBlock: numberToHex(toBlock),
        },
      ],
    }),
  );
  return logs.map((log) => formatLog(log) as Log<bigint, number, false>);
}
