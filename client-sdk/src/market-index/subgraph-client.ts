import * as z from "zod";
import { httpJson } from "../actions/internal/http.ts";
import { HttpError, InvalidDataError } from "../errors.ts";
import { parseAs, type Schema, type SchemaOutput } from "../protocol/parse-as.ts";
import { IndexError, type IndexErrorCode } from "./index-error.ts";

/** Where a subgraph is, and how it is asked. */
export interface SubgraphSource {
  /** Of its GraphQL queries. */
  readonly url: string;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** For one answer, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/** What a subgraph is asked to fit, as in `where`. */
export type Filter = Readonly<Record<string, FilterValue | undefined>>;
type FilterValue = string | number | boolean | EnumName | readonly Filter[];

/** A name, which GraphQL writes without quotes. */
export interface EnumName {
  readonly name: string;
}

export const SUBGRAPH_PAGE = 1000;
const MAX_BYTES = 32 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_MESSAGES = 3;

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});

/** Asks a subgraph. Each failure is an `IndexError` whose code begins with `SUBGRAPH_`. */
export async function askSubgraph<Of extends Schema>(
  source: SubgraphSource,
  query: string,
  schema: Of,
): Promise<SchemaOutput<Of>> {
  const { url, fetch, timeoutMs = DEFAULT_TIMEOUT_MS } = source;
  try {
    const request = { url, fetch, timeoutMs, retries: 0, maxBytes: MAX_BYTES, body: { query } };
    const { data, errors } = await httpJson(answerSchema, "GraphQL answer", request);
    if (errors != null && errors.length > 0) {
      const messages = errors.slice(0, MAX_MESSAGES).map(({ message }) => message);
      throw failure("SUBGRAPH_FAILED", url, `refused the query: ${messages.join("; ")}`);
    }
    return parseAs(schema, data, `answer from ${url}`);
  } catch (error) {
    if (error instanceof HttpError) {
      throw failure("SUBGRAPH_UNREACHABLE", url, "did not answer", error);
    }
    if (error instanceof InvalidDataError) {
      throw failure("SUBGRAPH_INVALID", url, "answered with something else: is it one of this market's version", error);
    }
    throw error;
  }
}

/** All entities that fit, in pages by their ids. */
export async function askAll<Of extends Schema>(
  source: SubgraphSource,
  { field, selection, where = {} }: { readonly field: string; readonly selection: string; readonly where?: Filter },
  row: Of,
): Promise<SchemaOutput<Of>[]> {
  const rows: SchemaOutput<Of>[] = [];
  const schema = z.object({ page: z.array(z.looseObject({ id: z.string() })) });
  for (let last = ""; ; ) {
    const fits = literal({ ...where, ...(last !== "" && { id_gt: last }) });
    const args = `first: ${SUBGRAPH_PAGE}, orderBy: id, orderDirection: asc, where: ${fits}`;
    const { page } = await askSubgraph(source, `{ page: ${field}(${args}) { id ${selection} } }`, schema);
    rows.push(...readRows(source, page, row));
    const end = page.at(-1)?.id ?? "";
    if (page.length < SUBGRAPH_PAGE) {
      return rows;
    }
    if (end <= last) {
      throw failure("SUBGRAPH_INVALID", source.url, "gave the same page again");
    }
    last = end;
  }
}

/** Rows as their schema has them. */
export function readRows<Of extends Schema>(
  { url }: SubgraphSource,
  rows: readonly unknown[],
  row: Of,
): SchemaOutput<Of>[] {
  try {
    return rows.map((value) => parseAs(row, value, `entity from ${url}`));
  } catch (error) {
    throw failure("SUBGRAPH_INVALID", url, "answered with something else: is it one of this market's version", error);
  }
}

/** A value as GraphQL writes it; fields that are not there are left out. */
export function literal(value: FilterValue | Filter): string {
  if (Array.isArray(value)) {
    return `[${value.map((entry: Filter) => literal(entry)).join(", ")}]`;
  }
  if (typeof value !== "object") {
    return JSON.stringify(value);
  }
  if (isEnumName(value)) {
    return value.name;
  }
  const fields = Object.entries(value as Filter).filter(([, entry]) => entry !== undefined);
  return `{${fields.map(([name, entry]) => `${name}: ${literal(entry as FilterValue)}`).join(", ")}}`;
}

function isEnumName(value: object): value is EnumName {
  return "name" in value && typeof value.name === "string";
}

export function failure(code: IndexErrorCode, url: string, what: string, cause?: unknown): IndexError {
  return new IndexError(code, `The subgraph at ${url} ${what}.`, { details: { url }, cause });
}
