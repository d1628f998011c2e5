import { expect } from "chai";
import type { Page } from "playwright-core";
import { createTestClient, http, parseUnits } from "viem";
import { marketClient } from "../../../scripts/network/clients.ts";
import { startDapp } from "../../../scripts/network/dapp.ts";
import { mint } from "../../../scripts/network/providers.ts";
import { blemishesOf } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected } from "./support/with-wallet.ts";

const OWNER = 16;
const OPERATOR = 17;
const DECIMALS = 6;
/** Longer than stake takes to leave a local market, seconds. */
const UNBONDING = 3_600;
const units = (amount: string) => parseUnits(amount, DECIMALS);

describe("a provider's owner in a real browser", function () {
  this.timeout(240_000);
  let stage: Stage;

  before(async () => {
    stage = await startStage();
  });

  after(() => stage?.close());

  const clientOf = (index: number) => {
    const { chain, deployment } = stage.network;
    return marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, chain.account(index));
  };

  const open = (path: string, url = stage.dapp.url) => connected(stage, path, { account: OWNER, url });

  /** Fills an amount in and presses what stands beside it. */
  async function move(page: Page, label: RegExp, amount: string, action: string): Promise<void> {
    await page.getByRole("textbox", { name: label }).fill(amount);
    await page.getByRole("button", { name: action, exact: true }).click();
  }

  /** Takes a job as the operator, and never delivers it. */
  async function failAJob(): Promise<bigint> {
    const { buyer, chain } = stage.network;
    const provider = chain.account(OWNER).address;
    const model = `0x${"5a".repeat(32)}` as const;
    const draft = await buyer.prepareJob({ model, requests: ["x"], price: units("1"), provider, submitWithin: 2 });
    const { job, spec } = await buyer.postJob({ spec: draft.spec });
    await clientOf(OPERATOR).acceptJob({ spec, provider });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const { penalty } = await buyer.expireJob({ job });
    return penalty;
  }

  async function pass(seconds: number): Promise<void> {
    const chain = createTestClient({ mode: "hardhat", transport: http(stage.network.chain.rpcUrl) });
    await chain.increaseTime({ seconds });
    await chain.mine({ blocks: 1 });
  }

  it("is told why more than there is cannot be staked, before the wallet is asked", async () => {
    const { page, context, wallet } = await open("/console?tab=stake");
    await page.getByLabel(/^Stake more/).fill("100000");
    await page.getByRole("button", { name: "Stake", exact: true }).click();
    await page
      .getByText(/your balance in the market/)
      .first()
      .waitFor();
    expect(wallet.asked).to.deep.equal([]);
    await context.close();
  });

  it("reads history from the chain where the subgraph is down, and says so", async () => {
    const dapp = await startDapp(stage.network, { subgraphUrl: "http://127.0.0.1:9/subgraphs/name/touchstone" });
    try {
      const seen = await open("/network", dapp.url);
      await seen.page.getByText("The subgraph is not used now").waitFor();
      await seen.page.getByText("the chain's logs").waitFor();
      expect(await blemishesOf(seen)).to.deep.equal([]);
      await seen.context.close();
    } finally {
      await dapp.close();
    }
  });

  // The last, for it moves the chain's clock.
  it("stakes, names the key of its node, is slashed for a job that it never delivered, and takes its stake out", async () => {
    await mint(clientOf(OWNER), stage.network.deployment, units("200"));
    await clientOf(OWNER).depositWithPermit({ amount: units("100") });
    const { page, context, failures } = await open("/console?tab=stake");
    await move(page, /^Stake more/, "40", "Stake");
    await page.getByText("40 tUSD staked").waitFor();
    expect((await clientOf(OWNER).getAccount({})).stake).to.equal(units("40"));

    await page.getByRole("tab", { name: "Operator keys" }).click();
    await page.getByLabel("Address of the key").fill(stage.network.chain.account(OPERATOR).address);
    await page.getByRole("button", { name: "Add key" }).click();
    await page.getByText("The key acts for you for 90 days.").waitFor();

    expect(Number(await failAJob())).to.be.greaterThan(0);
    const { stake } = await clientOf(OWNER).getAccount({});
    expect(Number(stake)).to.be.lessThan(Number(units("40")));
    await page.goto(`${stage.dapp.url}/#/providers/${stage.network.chain.account(OWNER).address}`);
    await page.locator("dl > div", { hasText: /^Not delivered1$/ }).waitFor();
    await page.goto(`${stage.dapp.url}/#/console?tab=stake`);
    await move(page, /^Ask stake back/, "10", "Unstake");
    await page.getByText("can be withdrawn in").waitFor();
    expect((await clientOf(OWNER).getAccount({})).unbonding.amount).to.equal(units("10"));

    await pass(UNBONDING);
    await page.clock.setSystemTime(Date.now() + UNBONDING * 1_000);
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    await page.getByText("Stake is in your balance again.").waitFor();
    expect((await clientOf(OWNER).getAccount({})).unbonding.amount).to.equal(0n);
    expect(failures).to.deep.equal([]);
    await context.close();
  });
});
