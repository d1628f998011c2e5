import { useQuery } from "@tanstack/react-query";
import type { IndexedJob, IndexedJobHistory, MarketIndex } from "@touchstone/sdk";
import { CaseStatus, FIRST_TIER_SEATS, JobStatus, type Tolerances } from "@touchstone/sdk/protocol";
import { type Address, type Hex, isAddressEqual } from "viem";
import { useIndex } from "../../hooks/use-index.ts";
import { type MarketReader, useMarket } from "../../hooks/use-market.ts";
import { useNow } from "../../hooks/use-now.ts";
import { acquits, type CaseState, type JobContext } from "../../lib/job-actions.ts";
import { useNetwork } from "../../network/network-context.tsx";

const REFRESH_MS = 3_000;

/** A job with its history; null where the market knows none of this id. */
export function useJob(id: Hex | undefined) {
  const { market } = useNetwork();
  const index = useIndex();
  return useQuery({
    queryKey: ["job", market, id],
    enabled: id !== undefined,
    refetchInterval: REFRESH_MS,
    queryFn: async (): Promise<IndexedJobHistory | null> => (await index.job(id as Hex)) ?? null,
  });
}

/** In which something may be done; of a rejected job, a demand may still be open. */
const MAY_ACT: readonly JobStatus[] = [
  JobStatus.Open,
  JobStatus.Accepted,
  JobStatus.Submitted,
  JobStatus.InCase,
  JobStatus.Rejected,
];

/** What decides about what may be done about a job. It is only read while something may. */
export function useJobContext(job: IndexedJob, account: Address | undefined) {
  const client = useMarket();
  const index = useIndex();
  const clock = useNow();
  const { data, dataUpdatedAt, error, refetch } = useQuery({
    queryKey: ["job-context", job.id, job.status],
    enabled: MAY_ACT.includes(job.status),
    refetchInterval: REFRESH_MS,
    queryFn: () => readContext(client, index, job),
  });
  const now = (data?.blockTime ?? 0) + Math.max(0, clock - Math.floor(dataUpdatedAt / 1_000));
  const context: JobContext | undefined = data === undefined ? undefined : { ...data, account, now };
  return { context, error, refetch };
}

async function readContext(
  client: MarketReader,
  index: MarketIndex,
  job: IndexedJob,
): Promise<Omit<JobContext, "account" | "now">> {
  const [market, court, block] = await Promise.all([client.getParameters({}), readCourt(client), client.getBlock()]);
  const blockTime = Number(block.timestamp);
  const isSubmitted = job.status === JobStatus.Submitted || job.status === JobStatus.InCase;
  if (court === undefined || !(isSubmitted || job.status === JobStatus.Rejected)) {
    return { market, court, blockTime, draw: undefined, isModelVerified: false, demand: undefined, cases: [] };
  }
  const [draw, panel, demand, cases] = await Promise.all([
    job.verified === true && isSubmitted ? client.getDraw({ job: job.id }) : undefined,
    client.getPanel({ model: job.model }),
    client.getDemand({ key: job.id }),
    index.cases({ job: job.id }),
  ]);
  const own = demand !== undefined && isAddressEqual(demand.demander, job.client) ? demand : undefined;
  const states = await Promise.all(cases.map((one) => readCase(client, job, one, panel.tolerances)));
  return { market, court, blockTime, draw, isModelVerified: panel.isVerified, demand: own, cases: states };
}

/** The court's parameters; nothing where the market has no court. */
async function readCourt(client: MarketReader): Promise<JobContext["court"]> {
  try {
    return await client.getCourtParameters({});
  } catch (error) {
    if ((error as { readonly code?: string }).code === "COURT_MISSING") {
      return undefined;
    }
    throw error;
  }
}

async function readCase(
  client: MarketReader,
  { submitBlock }: IndexedJob,
  { id, key, isOpen }: { readonly id: Hex; readonly key: bigint; readonly isOpen: boolean },
  tolerances: Tolerances,
): Promise<CaseState> {
  if (!isOpen) {
    return { key, status: CaseStatus.Closed, tier: 1, appealBy: undefined, acquits: false };
  }
  const { status, tier, times, positions } = await client.getCase({
    caseId: id,
    ...(submitBlock !== undefined && { fromBlock: submitBlock }), // no case is older: spares the chain's server a search
  });
  const words = positions
    .filter(({ position }) => position < FIRST_TIER_SEATS)
    .flatMap(({ word }) => (word === undefined ? [] : [word]));
  return { key, status, tier, appealBy: times.appealBy, acquits: acquits(words, tolerances) };
}
