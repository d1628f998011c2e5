import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type GraphQLFieldResolver, graphql } from "graphql";
import { apiSchemaOf, rootFieldsOf } from "./api-schema.ts";
import type { Entity, StoreValue } from "./entities.ts";
import type { SubgraphHost } from "./host.ts";
import { type BlockArgument, type BucketArguments, type ListArguments, View } from "./queries.ts";

const DEPLOYMENT = "QmTouchstoneTouchstoneTouchstoneTouchstoneTest";

/** An entity, as one request sees it. */
interface Row {
  readonly view: View;
  readonly type: string;
  readonly entity: Entity;
}

export interface ServedSubgraph {
  /** Where queries are posted to. */
  readonly url: string;
  close(): Promise<void>;
}

/** Answers GraphQL over HTTP as a Graph node does, with what the host has indexed by then. */
export async function serveSubgraph(host: SubgraphHost): Promise<ServedSubgraph> {
  const ask = askOf(host);
  const server = createServer((request, response) => {
    answer(ask, request, response).catch((error: Error) => response.writeHead(500).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/subgraphs/name/touchstone`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Ask = (query: string, variables?: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** The same without HTTP: the whole answer to a query, `data` or `errors`. */
export function askOf(host: SubgraphHost): Ask {
  const schema = apiSchemaOf(host.subgraph.schema);
  const fieldResolver = resolverOf(host);
  return async (source, variableValues) => {
    const result = await graphql({ schema, source, fieldResolver, ...(variableValues && { variableValues }) });
    // A Graph node answers with data or with errors, never with both.
    return JSON.parse(JSON.stringify(result.errors ? { errors: result.errors } : { data: result.data }));
  };
}

async function answer(ask: Ask, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "content-type",
    "content-type": "application/json",
  };
  if (request.method !== "POST") {
    response.writeHead(request.method === "OPTIONS" ? 204 : 405, headers).end();
    return;
  }
  const { query, variables } = JSON.parse(await text(request));
  response.writeHead(200, headers).end(JSON.stringify(await ask(query, variables)));
}

function resolverOf(host: SubgraphHost): GraphQLFieldResolver<unknown, unknown> {
  const { entities, aggregations } = host.subgraph.schema;
  const roots = new Map<string, (args: Readonly<Record<string, unknown>>, view: View) => unknown>();
  const rows = (view: View, type: string, found: readonly Entity[]) => found.map((entity) => ({ view, type, entity }));
  for (const type of entities.keys()) {
    const { one, many } = rootFieldsOf(type);
    roots.set(
      one,
      ({ id }, view) =>
        rows(
          view,
          type,
          [view.one(type, id as string)].filter((e) => e !== undefined),
        )[0],
    );
    roots.set(many, (args, view) => rows(view, type, view.list(type, args as ListArguments)));
  }
  for (const aggregation of aggregations.values()) {
    const { many } = rootFieldsOf(aggregation.name);
    roots.set(many, (args, view) => {
      return rows(view, aggregation.name, view.buckets(aggregation, args as unknown as BucketArguments));
    });
  }
  roots.set("_meta", (_, view) => metaOf(view));
  return (source, args, _context, { fieldName, parentType }) => {
    if (parentType.name === "Query") return roots.get(fieldName)?.(args, new View(host, args.block as BlockArgument));
    if (parentType.name.startsWith("_")) return (source as Record<string, unknown>)[fieldName];
    return fieldOf(source as Row, fieldName, args as ListArguments);
  };
}

function fieldOf({ view, type, entity }: Row, name: string, args: ListArguments): unknown {
  const field = view.fieldsOf(type).get(name);
  if (field === undefined) throw new Error(`${type} has no field ${name}`);
  const { reference } = field;
  if (reference === undefined) return toJson(entity[name] ?? null);
  const asRow = (one: Entity): Row => ({ view, type: reference, entity: one });
  return field.isList ? view.relatedList(entity, field, args).map(asRow) : view.related(entity, field).map(asRow)[0];
}

function metaOf({ block, isPast }: View) {
  const { number, hash, parentHash, timestamp } = block;
  const known = isPast ? { hash: null, parentHash: null } : { hash, parentHash };
  return {
    block: { number, timestamp: Number(timestamp), ...known },
    deployment: DEPLOYMENT,
    hasIndexingErrors: false,
  };
}

/** As a Graph node writes values: whatever may exceed a double is a string. */
function toJson(value: StoreValue): unknown {
  if (typeof value === "bigint") return `${value}`;
  return Array.isArray(value) ? value.map(toJson) : value;
}
