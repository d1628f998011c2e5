import { termsId } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { createTestClient, http, parseUnits } from "viem";
import { marketClient } from "../../../scripts/network/clients.ts";
import { startDapp } from "../../../scripts/network/dapp.ts";
import { MODEL, termsOf } from "../../../scripts/network/model.ts";
import { mint } from "../../../scripts/network/providers.ts";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected } from "./support/with-wallet.ts";

const OWNER = 16;
const OPERATOR = 17;
/** Posts a bond, and takes a seat. */
const SURETY = 18;
const DECIMALS = 6;
/** Longer than stake takes to leave a local market, seconds. */
const UNBONDING = 3_600;
/** Longer than a live bond takes. */
const BOND_DELAY = 73 * 3_600;
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

  /** Gives an account a balance in the market. */
  async function endow(index: number, amount: string): Promise<void> {
    await mint(clientOf(index), stage.network.deployment, units(amount));
    await clientOf(index).depositWithPermit({ amount: units(amount) });
  }

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

  let passed = 0;

  /** Lets time go by, on the chain and in the page. */
  async function pass(page: Page, seconds: number): Promise<void> {
    const chain = createTestClient({ mode: "hardhat", transport: http(stage.network.chain.rpcUrl) });
    await chain.increaseTime({ seconds });
    await chain.mine({ blocks: 1 });
    passed += seconds;
    await page.clock.setSystemTime(Date.now() + passed * 1_000);
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

  it("is told what a bond and a seat lack, and is helped to it, before the wallet is asked", async () => {
    const { page, context, wallet } = await connected(stage, "/console?tab=stake", { account: SURETY });
    await move(page, /^Post bond/, "12", "Post");
    await page.getByText("That is more than your balance in the market, 0 tUSD.").waitFor();
    await page.getByRole("button", { name: "Add what is missing" }).click();
    const dialog = page.getByRole("dialog", { name: "Funds" });
    expect(await dialog.getByRole("textbox", { name: /^Amount/ }).inputValue()).to.equal("12");
    expect(await breachesOf(page)).to.deep.equal([]);
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Seat" }).click();
    await move(page, /^Take a seat/, "50", "Stake");
    await page.getByText("That is more than your balance in the market, 0 tUSD.").waitFor();
    expect(wallet.asked).to.deep.equal([]);
    await context.close();
  });

  // From here on the chain's clock is moved.
  it("takes a seat, joins a panel and leaves it, and gets the stake of the seat back", async () => {
    const model = termsId(termsOf(MODEL));
    await stage.network.buyer.openPanel({ terms: termsOf(MODEL) });
    await endow(SURETY, "70");
    const seen = await connected(stage, "/console?tab=seat", { account: SURETY });
    const { page } = seen;
    await move(page, /^Take a seat/, "20", "Stake");
    await page.getByText("50 tUSD is what is missing to a seat's stake.").waitFor();
    await move(page, /^Take a seat/, "50", "Stake");
    await page.getByRole("heading", { name: "Validator seat 1" }).waitFor();
    expect((await clientOf(SURETY).getSeat({})).stake).to.equal(units("50"));

    await page.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByRole("row", { name: /storyteller/ }).waitFor();
    expect((await clientOf(SURETY).getPanel({ model })).slots.map(({ seat, leftAt }) => [seat, leftAt])).to.deep.equal([
      [1, 0],
    ]);
    await page.getByText("50 tUSD cannot be withdrawn yet.").waitFor();
    await page.getByText("The seat serves on a panel. Leave all panels first").waitFor();
    expect(await page.getByRole("button", { name: "Withdraw", exact: true }).isDisabled()).to.equal(true);
    expect(await breachesOf(page)).to.deep.equal([]);
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await page.getByText("can be withdrawn in").waitFor();

    await pass(page, UNBONDING);
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    await page.getByText("Seat stake is in your balance again.").waitFor();
    expect((await clientOf(SURETY).getAccount({})).balance).to.equal(units("70"));
    expect(await page.getByRole("button", { name: "Claim" }).isDisabled()).to.equal(true);
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.context.close();
  });

  it("posts a live bond, asks some of it back, and has it when its time is over", async () => {
    const seen = await connected(stage, "/console?tab=stake", { account: SURETY });
    const { page } = seen;
    await move(page, /^Post bond/, "12", "Post");
    await page.getByText("12 tUSD posted.").waitFor();
    await move(page, /^Ask bond back/, "13", "Exit");
    await page.getByText("That is more than what is not on its way back yet, 12 tUSD.").waitFor();
    await move(page, /^Ask bond back/, "5", "Exit");
    await page.getByText("can be withdrawn in").waitFor();
    expect(await page.getByRole("button", { name: "Withdraw", exact: true }).isDisabled()).to.equal(true);
    const { amount, leaving } = await clientOf(SURETY).getBond({
      provider: stage.network.chain.account(SURETY).address,
    });
    expect([amount, leaving]).to.deep.equal([units("12"), units("5")]);
    expect(await breachesOf(page)).to.deep.equal([]);

    await pass(page, BOND_DELAY);
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    await page.getByText("Bond is in your balance again.").waitFor();
    expect((await clientOf(SURETY).getBond({ provider: stage.network.chain.account(SURETY).address })).amount).to.equal(
      units("7"),
    );
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.context.close();
  });

  it("stakes, names the key of its node, is slashed for a job that it never delivered, and takes its stake out", async () => {
    await endow(OWNER, "100");
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

    await pass(page, UNBONDING);
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    await page.getByText("Stake is in your balance again.").waitFor();
    expect((await clientOf(OWNER).getAccount({})).unbonding.amount).to.equal(0n);
    expect(failures).to.deep.equal([]);
    await context.close();
  });
});
