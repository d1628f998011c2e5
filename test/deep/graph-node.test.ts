import { readFileSync } from "node:fs";
import path from "node:path";
import { logsIndex, subgraphIndex } from "@touchstone/sdk";
import { expect } from "chai";
import { ROOT } from "../../scripts/lib/paths.ts";
import { answersOf } from "../support/index-answers.ts";
import type { Ground } from "../support/random-market/ground.ts";
import { openMarket } from "../support/random-market/market.ts";
import { play } from "../support/random-market/play.ts";
import { rootFieldsOf } from "../support/subgraph-host/api-schema.ts";
import type { EntityType } from "../support/subgraph-host/schema.ts";
import { askOf } from "../support/subgraph-host/serve.ts";
import { hostOf } from "../support/subgraph-truth/indexed.ts";
import { type GraphNode, startGraphNode } from "./support/graph-node.ts";
import { serveChain } from "./support/rpc-server.ts";

const SEED = 21;
const PAGE = 1_000;

describe("the subgraph in a real Graph node", function () {
  this.timeout(300_000);
  let ground: Ground;
  let node: GraphNode;
  const undo = new AsyncDisposableStack();

  before(async () => {
    ground = undo.adopt(await openMarket(SEED), (one) => one.close());
    await play(ground, { actions: 500 });
    const { url } = undo.adopt(await serveChain(ground), (server) => server.close());
    node = undo.adopt(await startGraphNode(url, ground.contracts), (one) => one.close());
    await untilIndexed();
  });

  after(() => undo.disposeAsync());

  async function untilIndexed(): Promise<void> {
    const { hash } = await ground.client.getBlock();
    await node.untilAt(hash);
  }

  /** The SDK's questions, all of them, answered by the node and by the chain's logs. */
  async function expectSameAnswers(): Promise<void> {
    const { client, contracts } = ground;
    const bySubgraph = await answersOf(subgraphIndex({ url: node.url, market: contracts.market }));
    const byLogs = await answersOf(logsIndex({ client, market: contracts.market }));
    for (const [question, answer] of Object.entries(byLogs)) {
      expect(bySubgraph[question], question).to.deep.equal(answer);
    }
  }

  it("answers every question of the SDK as the chain's logs do", expectSameAnswers);

  it("holds what the host of the other tests holds, in every field of every entity", async () => {
    const host = hostOf(ground);
    await host.sync();
    const askHost = askOf(host);
    for (const type of host.subgraph.schema.entities.values()) {
      const rows = await contentsOf(type, node.ask);
      const expected = await contentsOf(type, async (query) => (await askHost(query)).data as Record<string, unknown>);
      expect(rows, type.name).to.deep.equal(expected);
    }
  });

  it("answers the queries that the readme shows", async () => {
    const text = readFileSync(path.join(ROOT, "subgraph", "README.md"), "utf8");
    const queries = [...text.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, query]) => query as string);
    expect(queries.length).to.be.greaterThan(3);
    for (const query of queries) {
      expect(await node.ask(query.replace("0x…", `0x${"00".repeat(32)}`)), query).to.be.an("object");
    }
  });

  it("takes back what the chain takes back", async () => {
    const restore = await ground.snapshot();
    await play(ground, { actions: 4, plays: ["crowd", "cancelled", "visitor"] });
    await untilIndexed();
    const old = await ground.blockNumber();
    await restore();
    await play(ground, { actions: 8, plays: ["ordered", "crowd", "moves"] });
    const behind = old + 1n - (await ground.blockNumber());
    await ground.mine(Number(behind > 0n ? behind : 1n)); // Graph nodes follow the longest chain.
    await untilIndexed();
    await expectSameAnswers();
  });
});

/** All that is stored of a type, by a query that both nodes take. Graph nodes number points as they like. */
async function contentsOf(
  { name, fields, isTimeseries }: EntityType,
  ask: (query: string) => Promise<Record<string, unknown>>,
): Promise<unknown[]> {
  const stored = [...fields.values()].filter(({ derivedFrom }) => derivedFrom === undefined);
  const selection = stored.map((field) => (field.reference === undefined ? field.name : `${field.name} { id }`));
  const rows: Record<string, unknown>[] = [];
  for (;;) {
    const range = `first: ${PAGE}, skip: ${rows.length}, orderBy: id`;
    const { page } = await ask(`{ page: ${rootFieldsOf(name).many}(${range}) { ${selection.join(" ")} } }`);
    const more = page as Record<string, unknown>[];
    rows.push(...more);
    if (more.length < PAGE) {
      return isTimeseries ? rows.map(({ id: _, ...rest }) => rest) : rows;
    }
  }
}
