import { useQuery } from "@tanstack/react-query";
import type { FetchedItem, IndexedJob } from "@touchstone/sdk";
import { type JobProgress, jobProgressSchema, readRequest } from "@touchstone/sdk/protocol";
import { type MarketReader, useMarket } from "../../hooks/use-market.ts";
import type { ResultRow } from "../../lib/export-results.ts";
import { promptOf } from "../../lib/read-requests.ts";

const PROGRESS_MS = 1_000;
const PROGRESS_TIMEOUT_MS = 5_000;
const PATIENCE_MS = 10_000;

/** What the provider's node says of a job that it works on. It is not trusted with the outcome. */
export function useProgress(job: IndexedJob, endpoint: string | undefined, isRunning: boolean) {
  return useQuery({
    queryKey: ["progress", job.id, endpoint],
    enabled: isRunning && endpoint !== undefined,
    refetchInterval: PROGRESS_MS,
    retry: 0,
    queryFn: async ({ signal }): Promise<JobProgress> => {
      const url = `${(endpoint as string).replace(/\/$/, "")}/jobs/${job.id}`;
      const end = AbortSignal.any([signal, AbortSignal.timeout(PROGRESS_TIMEOUT_MS)]);
      return jobProgressSchema.parse(await (await fetch(url, { signal: end })).json());
    },
  });
}

/** Where the bytes of a job may be: at its provider, and where its client said. */
export function sourcesOf({ uri }: IndexedJob, endpoint: string | undefined): string[] {
  return [...(endpoint === undefined ? [] : [endpoint]), ...(uri === "" ? [] : [uri])];
}

/** The answers, every byte checked against the root on chain, beside their prompts where those can be read. */
export function useResults(job: IndexedJob, endpoint: string | undefined) {
  const client = useMarket();
  const urls = sourcesOf(job, endpoint);
  return useQuery({
    queryKey: ["results", job.id, job.resultRoot, urls],
    enabled: job.resultRoot !== undefined && urls.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<ResultRow[]> => {
      const [{ items }, prompts] = await Promise.all([
        client.fetchResults({ job: job.id, urls, signal, patienceMs: PATIENCE_MS }),
        readPrompts(client, job, urls, signal),
      ]);
      return items.map((item) => rowOf(item, prompts?.[item.index]));
    },
  });
}

/** Answers without their prompts are still worth showing: then nothing. */
async function readPrompts(client: MarketReader, job: IndexedJob, urls: readonly string[], signal: AbortSignal) {
  try {
    const { requests } = await client.fetchInput({ root: job.input, urls, maxItems: job.items, signal });
    return requests.map((bytes) => {
      const request = readRequest(bytes);
      return "error" in request ? new TextDecoder().decode(bytes) : promptOf(request);
    });
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function rowOf({ index, output, outputHash, traceRoot }: FetchedItem, prompt: string | undefined): ResultRow {
  const answer = output !== undefined && "text" in output ? output.text : undefined;
  const failure =
    output !== undefined && "error" in output ? `${output.error.message} (${output.error.code})` : undefined;
  const error = answer !== undefined ? undefined : (failure ?? "The provider's bytes are no answer.");
  return { index, prompt, answer, error, outputHash, traceRoot };
}
