import { expect } from "chai";
import type { Page, Route } from "playwright-core";
import { formatUnits, parseUnits } from "viem";
import { marketClient } from "../../../scripts/network/clients.ts";
import { localParameters } from "../../../scripts/network/parameters.ts";
import { fund } from "../../../scripts/network/providers.ts";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf, overflowOf, type Visit, visit } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";

/** Development account that puts down a stake and runs no node. */
const STAKER = 18;
const DECIMALS = 6;
const PHONE = 360;
const SETTLED_MS = 120_000;
const units = (amount: string) => parseUnits(amount, DECIMALS);

describe("the providers in a real browser", function () {
  this.timeout(240_000);
  let stage: Stage;
  /** Of all jobs that were settled. */
  let volume = 0n;

  before(async () => {
    stage = await startStage();
  });

  after(() => stage?.close());

  async function open(path = "/providers", options: Parameters<typeof visit>[2] = {}): Promise<Visit> {
    const seen = await visit(stage.browser, `${stage.dapp.url}/#${path}`, options);
    await seen.page.locator("h1").first().waitFor();
    return seen;
  }

  /** The table with what the cards and the index tell. */
  async function listed(): Promise<Visit> {
    const seen = await open();
    await seen.page.getByRole("row", { name: /Aurora/ }).waitFor();
    await seen.page.getByText("which is being read").waitFor({ state: "detached" });
    return seen;
  }

  const namesIn = async (page: Page) =>
    (await page.locator("tbody tr td:first-child a").allInnerTexts()).map((name) => name.trim());

  async function expectWhole(seen: Visit): Promise<void> {
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(await breachesOf(seen.page)).to.deep.equal([]);
  }

  it("are sorted by keyboard, and the column says how", async () => {
    const seen = await listed();
    const { page } = seen;
    const headOf = (name: string) => page.getByRole("columnheader", { name });
    expect(await headOf("Price").getAttribute("aria-sort")).to.equal("ascending");
    expect(await namesIn(page)).to.deep.equal(["Basalt", "Aurora"]);

    await headOf("First token").getByRole("button").focus();
    while (
      !(await headOf("Stake")
        .getByRole("button")
        .evaluate((button) => button === document.activeElement))
    ) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    expect(await headOf("Stake").getAttribute("aria-sort")).to.equal("ascending");
    expect(await headOf("Price").getAttribute("aria-sort")).to.equal("none");
    expect(await namesIn(page)).to.deep.equal(["Basalt", "Aurora"]);
    await page.keyboard.press("Space");
    expect(await headOf("Stake").getAttribute("aria-sort")).to.equal("descending");
    expect(await namesIn(page)).to.deep.equal(["Aurora", "Basalt"]);
    await expectWhole(seen);
    await seen.context.close();
  });

  it("are all in sight at 1,280 pixels, and as cards in a chosen order on a phone", async () => {
    const seen = await listed();
    const { page } = seen;
    const hidden = await page
      .getByRole("region", { name: "Providers" })
      .evaluate((frame) => frame.scrollWidth - frame.clientWidth);
    expect(hidden).to.equal(0);

    await page.setViewportSize({ width: PHONE, height: 740 });
    expect(await overflowOf(page)).to.be.at.most(0);
    expect(await page.getByRole("table").count()).to.equal(0);
    const cards = page.getByRole("list", { name: "Providers" }).getByRole("listitem");
    expect(await cards.first().textContent()).to.match(/^Basalt/);
    await page.getByLabel("In order of").selectOption({ label: "Largest stake" });
    expect(await cards.first().textContent()).to.match(/^Aurora/);
    await expectWhole(seen);
    await seen.context.close();
  });

  it("are filtered, and grouped by region", async () => {
    const seen = await listed();
    const { page } = seen;
    await page.getByRole("searchbox").fill("auro");
    expect(await namesIn(page)).to.deep.equal(["Aurora"]);
    await page.getByText("1 of 2 providers shown").waitFor();
    await page.getByLabel("Region", { exact: true }).selectOption("us-west");
    await page.getByText("No provider is like that").waitFor();
    await expectWhole(seen);
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await namesIn(page)).to.have.members(["Aurora", "Basalt"]);

    await page.getByRole("tab", { name: "List" }).focus();
    await page.keyboard.press("ArrowRight");
    const regions = page.getByRole("tabpanel").getByRole("heading", { level: 2 });
    await regions.first().waitFor();
    expect(await regions.allInnerTexts()).to.deep.equal(["eu-north", "us-west"]);
    await expectWhole(seen);
    await seen.context.close();
  });

  it("leave out who only put down a stake, until that is asked for", async () => {
    const { chain, deployment } = stage.network;
    const staker = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, chain.account(STAKER));
    await fund(staker, deployment, units("30"));
    await staker.stake({ amount: units("30") });
    const seen = await listed();
    const { page } = seen;
    const everyone = page.getByRole("switch", { name: "1 account without a node" });
    await everyone.waitFor();
    expect(await namesIn(page)).to.deep.equal(["Basalt", "Aurora"]);
    await everyone.press("Space");
    expect(await namesIn(page)).to.have.length(3);
    const cells = page.getByRole("row", { name: /Not listed/ }).getByRole("cell");
    expect(await cells.allInnerTexts()).to.include("30");
    await expectWhole(seen);
    await seen.context.close();
  });

  it("show what cards say while the history is read, and where it cannot be", async () => {
    const gate = Promise.withResolvers<void>();
    let isDown = true;
    /** The index reads all events; whoever looks for cards names one. */
    const withoutHistory = async (route: Route) => {
      if (!route.request().postData()?.includes('"topics":[]')) {
        return await route.continue();
      }
      await gate.promise;
      return isDown ? await route.abort() : await route.continue();
    };
    const seen = await open("/providers", { prepare: (page) => page.route(`${rpcUrl()}/**`, withoutHistory) });
    const { page } = seen;
    const row = page.getByRole("row", { name: /Aurora/ });
    await row.waitFor();
    await page.getByText("which is being read").waitFor();
    expect(await row.textContent())
      .to.include("1.5 out")
      .and.include("100")
      .and.not.include("0 / 0");
    await expectWhole(seen);

    gate.resolve();
    await page.getByText("The market's history could not be read").waitFor();
    await row.waitFor();
    await expectWhole(seen);
    isDown = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await row.getByText("0 / 0").first().waitFor();
    expect(await page.getByText("The market's history could not be read").count()).to.equal(0);
    await seen.context.close();
  });

  const rpcUrl = () => stage.network.chain.rpcUrl;

  /** Buys a job of a provider and waits until it is paid. Returns what the provider got, and the market. */
  async function buyJob({ url }: { readonly url: string }) {
    const { buyer } = stage.network;
    const model = (await buyer.discoverProviders({})).providers[0]?.card.touchstone.models[0];
    const requests = [{ messages: [{ role: "user" as const, content: "Tell a story" }], maxTokens: 8 }];
    const { minChallengeWindow: challengeWindow } = localParameters;
    const { spec } = await buyer.prepareJob({ model: model!.id, requests, price: 0n, challengeWindow });
    const { offers } = await buyer.requestQuotes({ urls: [url], spec, requests });
    const { job } = await buyer.postAcceptedJob({ quote: offers[0]!.quote });
    const { paid, fee } = (await buyer.waitForJob({ job, until: "settled", timeoutMs: SETTLED_MS })).ending!;
    return { paid, volume: paid + fee };
  }

  it("have a page each, whose chart says what its table says, to the last digit", async () => {
    const [aurora] = stage.network.providers;
    const [one, other] = [await buyJob(aurora!), await buyJob(aurora!)];
    const paid = one.paid + other.paid;
    volume = one.volume + other.volume;
    const seen = await listed();
    const { page } = seen;
    await page.getByRole("link", { name: "Aurora" }).click();
    await page.getByRole("heading", { level: 1, name: "Aurora" }).waitFor();
    const chart = page.getByRole("figure", { name: /Paid for jobs/ });
    await chart.getByText("As a table").click();
    const rows = await chart.locator("tbody tr td:last-child").allInnerTexts();
    const earned = `${formatUnits(paid, DECIMALS)} tUSD`;
    expect(rows.filter((text) => text !== "0 tUSD")).to.deep.equal([earned]);
    expect(rows.at(-1)).to.equal(earned);

    const bars = chart.locator(".recharts-bar-rectangle path");
    await bars.first().waitFor();
    expect(await bars.count()).to.equal(1);
    await bars.hover();
    expect(await chart.locator(".recharts-tooltip-item-value").textContent()).to.equal(earned);
    await expectWhole(seen);
    await seen.context.close();
  });

  it("are summed up on the network's page, where nothing happened, too", async () => {
    const seen = await open("/network");
    const { page } = seen;
    const chart = page.getByRole("figure", { name: /^Volume each hour/ });
    await chart.getByText("As a table").click();
    const rows = await chart.locator("tbody tr td:last-child").allInnerTexts();
    expect(rows).to.have.length(24);
    expect(rows.reduce((sum, text) => sum + parseUnits(text.replace(" tUSD", ""), DECIMALS), 0n)).to.equal(volume);
    expect(await page.getByRole("figure", { name: /^Audits each hour/ }).textContent()).to.include("None in this time");
    await expectWhole(seen);
    await page.getByRole("tab", { name: "30 days" }).click();
    await page.getByRole("figure", { name: /^Volume each day/ }).waitFor();
    await expectWhole(seen);
    await seen.context.close();
  });

  // The last, for it ends a provider.
  it("are said to be out of reach, and since when, where one died", async () => {
    const seen = await listed();
    const { page } = seen;
    await stage.network.providers[1]!.daemon.stop();
    await page.reload();
    const notice = page.getByRole("status").filter({ hasText: "1 provider is unreachable" });
    await notice.waitFor();
    expect(await notice.textContent()).to.match(/Basalt.*answered this browser last (now|\d+ s ago)/s);
    await page.getByRole("row", { name: /Unreachable/ }).waitFor();
    expect((await namesIn(page)).at(-1)).to.equal("Basalt");
    await expectWhole(seen);
    await notice.getByRole("link").click();
    await page.getByText("Its offers cannot be read now").waitFor();
    await expectWhole(seen);
    await seen.context.close();
  });
});
