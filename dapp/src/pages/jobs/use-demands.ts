import { useQuery } from "@tanstack/react-query";
import type { IndexedDemand, IndexedJob } from "@touchstone/sdk";
import { courtAbi, decodeOutput, type ItemOutput, marketAbi } from "@touchstone/sdk/protocol";
import { getAbiItem, type Hex, hexToBytes } from "viem";
import { useIndex } from "../../hooks/use-index.ts";
import { type MarketReader, useMarket } from "../../hooks/use-market.ts";
import { useNetwork } from "../../network/network-context.tsx";

const REFRESH_MS = 3_000;
const ANSWERED = getAbiItem({ abi: courtAbi, name: "Answered" });

/** What was demanded of the job, oldest first. */
export function useDemands({ id, resultRoot, endedAt }: IndexedJob) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["demands", market, id, endedAt],
    enabled: resultRoot !== undefined,
    refetchInterval: REFRESH_MS,
    queryFn: () => index.demands({ job: id }),
  });
}

/** What the provider published of an item on chain, once it is asked for: the court has checked it against the result's root. */
export function usePublished(job: IndexedJob, { item, answeredAt }: IndexedDemand) {
  const { market } = useNetwork();
  const client = useMarket();
  return useQuery({
    queryKey: ["published", market, job.id, item, answeredAt],
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<ItemOutput | null> => {
      const output = await readPublished(client, market, job, item);
      return output === undefined ? null : decodeOutput(hexToBytes(output));
    },
  });
}

async function readPublished(
  client: MarketReader,
  market: Hex,
  { id, submitBlock }: IndexedJob,
  item: number,
): Promise<Hex | undefined> {
  const court = await client.readContract({ address: market, abi: marketAbi, functionName: "court" });
  const logs = await client.getLogs({
    address: court,
    event: ANSWERED,
    args: { job: id },
    fromBlock: submitBlock ?? "earliest",
    strict: true,
  });
  return logs.find(({ args }) => args.item === BigInt(item) && args.chunk === 0n)?.args.answer.output;
}
