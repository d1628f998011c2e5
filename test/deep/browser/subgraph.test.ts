import { expect } from "chai";
import { parseUnits } from "viem";
import { type LocalDapp, startDapp } from "../../../scripts/network/dapp.ts";
import { type GraphNode, startGraphNode } from "../support/graph-node.ts";
import { blemishesOf } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected } from "./support/with-wallet.ts";

describe("the pages by a real Graph node", function () {
  this.timeout(240_000);
  let stage: Stage;
  let node: GraphNode;
  let dapp: LocalDapp;

  before(async () => {
    stage = await startStage();
    const { chain, deployment } = stage.network;
    node = await startGraphNode(chain.rpcUrl, deployment);
    dapp = await startDapp(stage.network, { subgraphUrl: node.url });
  });

  after(async () => {
    await dapp?.close();
    await node?.close();
    await stage?.close();
  });

  it("tell who sells and what happened, and a new job soon after it was posted", async () => {
    const seen = await connected(stage, "/network", { url: dapp.url });
    const { page } = seen;
    await page.locator("dl > div", { hasText: "Read from" }).getByText("the subgraph").waitFor();
    await page.goto(`${dapp.url}/#/providers`);
    for (const name of ["Aurora", "Basalt"]) {
      await page.getByRole("link", { name }).first().waitFor();
    }
    const { buyer } = stage.network;
    const model = `0x${"5b".repeat(32)}` as const; // Nobody has it, so the job stays as it is.
    const { spec } = await buyer.prepareJob({ model, requests: ["x"], price: parseUnits("1", 6) });
    const { job } = await buyer.postJob({ spec });
    await page.goto(`${dapp.url}/#/jobs`);
    await page.locator(`a[href*="${job}"]`).first().waitFor({ timeout: 60_000 });
    await page.goto(`${dapp.url}/#/network`);
    await page.locator("dl > div", { hasText: "Read from" }).getByText("the subgraph").waitFor();
    expect(await page.getByText("The subgraph is not used now").count()).to.equal(0);
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.context.close();
  });
});
