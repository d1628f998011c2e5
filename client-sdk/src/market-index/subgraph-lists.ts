import * as z from "zod";
import type { Schema, SchemaOutput } from "../protocol/parse-as.ts";
import type { PagePlace } from "./order.ts";
import { askSubgraph, type Filter, literal, readRows, type SubgraphSource } from "./subgraph-client.ts";

/** A page of a list that is newest first. */
export interface ListPage {
  readonly field: string;
  readonly selection: string;
  /** By which it is ordered, then by id. */
  readonly time: string;
  readonly where: Filter;
  readonly first: number;
  readonly before: PagePlace | undefined;
}

/** The entities of a page, in its order. */
export async function askPage<Of extends Schema>(
  source: SubgraphSource,
  { field, selection, time, where, first, before }: ListPage,
  row: Of,
): Promise<SchemaOutput<Of>[]> {
  const args = `first: ${first}, orderBy: ${time}, orderDirection: desc, where: ${literal(until(where, time, before))}`;
  const { page } = await askSubgraph(
    source,
    `{ page: ${field}(${args}) { ${selection} } }`,
    z.object({ page: z.array(row) }),
  );
  return page;
}

/** An entity by its id. */
export async function askOne<Of extends Schema>(
  source: SubgraphSource,
  { field, id, selection }: { readonly field: string; readonly id: string; readonly selection: string },
  row: Of,
): Promise<SchemaOutput<Of> | undefined> {
  const query = `{ one: ${field}(id: ${JSON.stringify(id.toLowerCase())}) { ${selection} } }`;
  const schema = z.object({ one: z.record(z.string(), z.unknown()).nullable() });
  const { one } = await askSubgraph(source, query, schema);
  return one === null ? undefined : readRows(source, [one], row)[0];
}

/** What comes after a place in the list. Graph nodes take no other filters beside `or`. */
function until(where: Filter, time: string, before: PagePlace | undefined): Filter {
  if (before === undefined) {
    return where;
  }
  const at = before.at.toString();
  return {
    or: [
      { ...where, [`${time}_lt`]: at },
      { ...where, [time]: at, id_lt: before.id },
    ],
  };
}
