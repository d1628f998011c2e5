import * as z from "zod";
import type { Schema, SchemaOutput } from "../protocol/parse-as.ts";
import type { CheckedStats } from "./queries.ts";
import { askSubgraph, type Filter, literal, readRows, SUBGRAPH_PAGE, type SubgraphSource } from "./subgraph-client.ts";

/** Graph nodes count the time of buckets in microseconds. */
const MICROS = 1_000_000n;
/** How long a bucket is, seconds. */
const WIDTH = { hour: 3_600, day: 86_400 } as const;

const pageSchema = z.object({
  page: z.array(z.looseObject({ timestamp: z.string().regex(/^\d{1,18}$/, "must be microseconds") })),
});

/** What of an aggregation is asked for. */
export interface Aggregation extends CheckedStats {
  readonly field: string;
  readonly selection: string;
  /** Which of its dimension. */
  readonly where?: Filter | undefined;
}

/**
 * The buckets of an aggregation, the one under way included, in no order. Graph nodes give the latest first: a page begins where the one before
 * ended, without as many of that time as were seen already. Limits lie between buckets: of the one under way Graph nodes compare each point with
 * them, so that a limit amid it would cut it.
 */
export async function askBuckets<Of extends Schema>(
  source: SubgraphSource,
  { field, selection, interval, from, to, where = {} }: Aggregation,
  row: Of,
): Promise<SchemaOutput<Of>[]> {
  const rows: SchemaOutput<Of>[] = [];
  const width = WIDTH[interval];
  const limit = (time: number | undefined) =>
    time === undefined ? undefined : micros(Math.ceil(time / width) * width);
  let [end, seen] = [limit(to), 0];
  for (;;) {
    const fits = literal({ ...where, timestamp_gte: limit(from), timestamp_lt: end });
    const args = `interval: ${interval}, current: include, first: ${SUBGRAPH_PAGE}, skip: ${seen}, where: ${fits}`;
    const { page } = await askSubgraph(source, `{ page: ${field}(${args}) { ${selection} } }`, pageSchema);
    const buckets = page.map((bucket) => ({ ...bucket, timestamp: seconds(bucket.timestamp) }));
    rows.push(...readRows(source, buckets, row));
    const oldest = buckets.at(-1)?.timestamp ?? 0;
    if (page.length < SUBGRAPH_PAGE) {
      return rows;
    }
    const endOfOldest = micros(oldest + width);
    const ofOldest = buckets.filter(({ timestamp }) => timestamp === oldest).length;
    seen = ofOldest + (endOfOldest === end ? seen : 0);
    end = endOfOldest;
  }
}

function micros(time: number): string {
  return (BigInt(time) * MICROS).toString();
}

function seconds(timestamp: string): number {
  return Number(BigInt(timestamp) / MICROS);
}
