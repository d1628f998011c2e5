import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AbiEvent, type Hex, toEventSelector } from "viem";
import { parse } from "yaml";
import { z } from "zod";
import { Mapping } from "./mapping.ts";
import { parseSchema, type SubgraphSchema } from "./schema.ts";

const manifestShape = z.object({
  specVersion: z.string(),
  schema: z.object({ file: z.string() }),
  dataSources: z.array(
    z.object({
      kind: z.literal("ethereum"),
      name: z.string(),
      network: z.string(),
      source: z.object({ abi: z.string(), address: z.string().optional(), startBlock: z.number().optional() }),
      mapping: z.object({
        kind: z.literal("ethereum/events"),
        apiVersion: z.literal("0.0.9"),
        language: z.literal("wasm/assemblyscript"),
        entities: z.array(z.string()),
        abis: z.array(z.object({ name: z.string(), file: z.string() })),
        eventHandlers: z.array(z.object({ event: z.string(), handler: z.string() })),
        file: z.string(),
      }),
    }),
  ),
});

export interface Handler {
  readonly name: string;
  readonly event: AbiEvent;
}

export interface DataSource {
  readonly name: string;
  readonly network: string;
  /** As built; a test names the contracts of its own chain. */
  readonly address?: string;
  readonly mapping: Mapping;
  readonly handlers: ReadonlyMap<Hex, Handler>;
}

export interface Subgraph {
  readonly schema: SubgraphSchema;
  readonly dataSources: readonly DataSource[];
}

/** Loads what `graph build` made: manifest, schema, ABIs and modules. */
export function loadSubgraph(folder: string): Subgraph {
  const text = (file: string) => readFileSync(join(folder, file), "utf8");
  const manifest = manifestShape.parse(parse(text("subgraph.yaml")));
  const dataSources = manifest.dataSources.map(({ name, network, source, mapping }): DataSource => {
    const abiFile = mapping.abis.find((abi) => abi.name === source.abi)?.file;
    if (abiFile === undefined) throw new Error(`data source ${name} names no file for its ABI ${source.abi}`);
    const abi = JSON.parse(text(abiFile)) as readonly { type: string }[];
    const events = abi.filter((item): item is AbiEvent => item.type === "event");
    const wasm = new Mapping(Uint8Array.from(readFileSync(join(folder, mapping.file))));
    const handlers = new Map(
      mapping.eventHandlers.map(({ event, handler }) => {
        const topic = toEventSelector(event.replaceAll(/\bindexed /g, ""));
        const found = events.find((one) => toEventSelector(one) === topic);
        if (!found) throw new Error(`the ABI of ${name} has no event ${event}`);
        if (!wasm.exports.includes(handler)) throw new Error(`the mapping of ${name} has no handler ${handler}`);
        return [topic, { name: handler, event: found }] as const;
      }),
    );
    return { name, network, ...(source.address && { address: source.address }), mapping: wasm, handlers };
  });
  return { schema: parseSchema(text(manifest.schema.file)), dataSources };
}
