import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../../scripts/lib/paths.ts";
import type { Ground } from "../random-market/ground.ts";
import type { Entity } from "../subgraph-host/entities.ts";
import { SubgraphHost } from "../subgraph-host/host.ts";
import { loadSubgraph, type Subgraph } from "../subgraph-host/manifest.ts";

/** The subgraph as `npm run build` built it. */
export function builtSubgraph(folder = path.join(ROOT, "subgraph", "build")): Subgraph {
  if (!existsSync(path.join(folder, "subgraph.yaml")))
    throw new Error(`No subgraph is built in ${folder}: npm run build.`);
  return loadSubgraph(folder);
}

/** A host for the contracts of a random market; nothing is indexed yet. */
export function hostOf({ client, contracts }: Ground, subgraph = builtSubgraph()): SubgraphHost {
  return new SubgraphHost({ subgraph, client, addresses: { Market: contracts.market, Court: contracts.court } });
}

/** The names of all handlers of a subgraph. */
export function handlersOf({ dataSources }: Subgraph): string[] {
  return dataSources.flatMap(({ handlers }) => [...handlers.values()].map(({ name }) => name));
}

/** A subgraph that passes one event over. */
export function withoutHandler(subgraph: Subgraph, handler: string): Subgraph {
  const dataSources = subgraph.dataSources.map((source) => {
    const handlers = new Map([...source.handlers].filter(([, { name }]) => name !== handler));
    return { ...source, handlers };
  });
  return { ...subgraph, dataSources };
}

/** All that a host holds, by type, to be compared with what another holds. */
export function contentsOf({ store, subgraph }: SubgraphHost): Record<string, readonly Entity[]> {
  const types = [...subgraph.schema.entities.keys()];
  const idOf = ({ id }: Entity) => `${id}`;
  return Object.fromEntries(types.map((type) => [type, store.all(type).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))]));
}
