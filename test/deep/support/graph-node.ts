import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Address } from "viem";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { freeUrl } from "../../../scripts/network/node-files.ts";
import { until } from "../../integration/node/support/running.ts";
import { npm } from "../../integration/support/npm.ts";
import { startPostgres } from "./postgres.ts";
import { newFolder, startProgram } from "./programs.ts";

/** The Graph's own node in its form for developers, as it is in npm's registry: for Linux on x64. */
const PACKAGE = { name: "@graphprotocol/gnd-linux-x64", version: "0.45.0" } as const;

/** What the subgraph calls the chain that it is built for. */
const NETWORK = "hardhat";
const READY_MS = 120_000;

/** A Graph node that indexes the built subgraph, with its database. */
export interface GraphNode {
  /** Where queries are posted to. */
  readonly url: string;
  /** Posts a query. Throws what the node has against it. */
  ask(query: string): Promise<Record<string, unknown>>;
  /** Waits until it has indexed a block, and nothing that is not of its chain. */
  untilAt(hash: string): Promise<void>;
  close(): Promise<void>;
}

/** Installs a Graph node, starts it for the contracts of a chain, and waits until it answers. */
export async function startGraphNode(
  rpcUrl: string,
  contracts: { readonly market: Address; readonly court: Address },
): Promise<GraphNode> {
  await using undo = new AsyncDisposableStack();
  const { folder, remove } = newFolder("graph-node");
  undo.defer(remove);
  writeFileSync(path.join(folder, "package.json"), "{}");
  await npm(folder, "install", "--no-audit", "--no-fund", `${PACKAGE.name}@${PACKAGE.version}`);
  copySubgraph(path.join(folder, "build"), contracts);
  const database = undo.adopt(await startPostgres(), ({ stop }) => stop());
  const files = undo.adopt(await standInForIpfs(), ({ close }) => close());
  const [http, admin, indexing, metrics] = [await freeUrl(), await freeUrl(), await freeUrl(), await freeUrl()];
  const portOf = (url: string) => new URL(url).port;
  const args = [
    ...["dev", "--manifests", "build/subgraph.yaml:.", "--ipfs", files.url],
    ...["--postgres-url", database.url, "--ethereum-rpc", `${NETWORK}:${rpcUrl}`],
    ...["--http-port", portOf(http), "--admin-port", portOf(admin)],
    ...["--index-node-port", portOf(indexing), "--metrics-port", portOf(metrics)],
  ];
  const binary = path.join(folder, "node_modules", PACKAGE.name, "bin/gnd");
  const env = { GRAPH_LOG: "warn", ETHEREUM_POLLING_INTERVAL: "200" };
  const program = undo.adopt(startProgram(binary, args, { cwd: folder, env }), ({ kill }) => kill());
  const url = `${http}/subgraphs/name/subgraph-0`;
  const ask = (query: string) => post(url, query);
  const hash = async () => {
    program.requireRunning();
    const answer = await ask("{ _meta { block { hash } } }").catch(() => undefined);
    return (answer?._meta as { block: { hash: string } } | undefined)?.block.hash;
  };
  await until(hash, (seen) => seen !== undefined, READY_MS);
  const parts = undo.move();
  return {
    url,
    ask,
    untilAt: async (wanted) => void (await until(hash, (seen) => seen === wanted, READY_MS)),
    close: () => parts.disposeAsync(),
  };
}

/** The subgraph as `npm run build` built it, for contracts at other addresses. */
function copySubgraph(folder: string, contracts: { readonly market: Address; readonly court: Address }): void {
  cpSync(path.join(ROOT, "subgraph", "build"), folder, { recursive: true });
  const manifest = path.join(folder, "subgraph.yaml");
  const built = JSON.parse(readFileSync(path.join(ROOT, "subgraph", "networks.json"), "utf8"))[NETWORK];
  const text = readFileSync(manifest, "utf8")
    .replaceAll(built.Market.address, contracts.market)
    .replaceAll(built.Court.address, contracts.court);
  writeFileSync(manifest, text);
}

/** The node reads the subgraph from its folder, but starts only where it finds an IPFS node. */
async function standInForIpfs() {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"Version":"0.30.0"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function post(url: string, query: string): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  const { data, errors } = (await response.json()) as {
    readonly data?: Record<string, unknown>;
    readonly errors?: readonly { readonly message: string }[];
  };
  if (data === undefined || errors !== undefined) {
    throw new Error(errors?.map(({ message }) => message).join("; ") ?? "No answer.");
  }
  return data;
}
