import path from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { parseUnits } from "viem";
import { ROOT } from "../../../scripts/lib/paths.ts";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf, overflowOf, visit } from "./support/browser.ts";
import { buy, COURT, card, moneyOf, offers, openCase, press, whileAsleep, written } from "./support/court.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected } from "./support/with-wallet.ts";

const DECIMALS = 6;
const units = (amount: string) => parseUnits(amount, DECIMALS);
const STORY = ["Tell a story about a brave fox"];
/** At the price of Aurora so many cost more than an audit is worth: the draw takes the job for certain. */
const MANY = Array.from({ length: 510 }, (_, index) => `Tell a story about number ${index + 1}`);
const BOND = units("0.5");
const TRIED_MS = 150_000;
const STRANGER = 12;

describe("the court in a real browser", function () {
  this.timeout(240_000);
  let stage: Stage;
  /** The pages of the cases that tests brought about. */
  const tried: string[] = [];

  before(async () => {
    const program = [path.join(ROOT, "scripts", "cheats", "main.ts"), "--cheat", "model"];
    const prices = { pricePerItem: units("0.0006"), pricePerMillionOutputTokens: units("0.6") };
    stage = await startStage({
      ...COURT,
      third: { name: "Cinder", region: "sa-east", stake: units("60"), ...prices, program },
    });
  });

  after(() => stage?.close());

  const balance = async () => (await stage.network.buyer.getAccount({})).balance;
  const providerOf = (name: string) => stage.network.providers.find((one) => one.name === name)!;

  /** Waits for the headline of the case that is open in the page. */
  const verdict = (page: Page, headline: string) =>
    page.getByRole("heading", { name: headline }).waitFor({ timeout: TRIED_MS });

  it("convicts a cheat whom its buyer challenges: all seats tell why, and the money goes where the page says", async () => {
    const seen = await buy(stage, { provider: "Cinder", prompts: STORY, maxTokens: 48 });
    const { page } = seen;
    await page.getByRole("button", { name: "Challenge the result" }).waitFor({ timeout: TRIED_MS });
    expect(await offers(page)).to.have.members(["Challenge the result", "Demand an item"]);
    const [before, account] = [await balance(), { account: providerOf("Cinder").provider }];
    const { stake } = await stage.network.buyer.getAccount(account);
    await press(page, "Challenge the result");
    await openCase(page);
    tried.push(page.url());
    await page.getByRole("heading", { name: "In court: there is no verdict yet" }).waitFor();
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(await breachesOf(page)).to.deep.equal([]);

    await verdict(page, "Convicted: the provider is guilty");
    await page.getByText("12 of the 12 seats that spoke").waitFor();
    const found = await card(page, "Seats").getByText("Over a limit").count();
    expect(found).to.equal(12);
    const { stake: left } = await stage.network.buyer.getAccount(account);
    const money = await moneyOf(page);
    expect(money["Provider: Stake"]).to.equal(left - stake);
    expect(money["Client: Bond, given back"]).to.equal(BOND);
    const gained = money["Client: Price, repaid"]! + money["Client: Share of the provider's stake"]!;
    expect(gained).to.equal((await balance()) - before);
    expect(gained > units("5")).to.equal(true);

    await page.getByRole("link", { name: /^0x/ }).first().click();
    await page.getByText(/^The court found that the result did not come from the model/).waitFor();
    await card(page, "At the court").getByText("Convicted").waitFor();
    expect(await card(page, "What you can do").count()).to.equal(0);
    await seen.context.close();
  });

  it("acquits the honest, again after an appeal, and the client loses both bonds", async () => {
    const seen = await buy(stage, { provider: "Aurora", prompts: STORY, maxTokens: 24 });
    const { page } = seen;
    const job = page.url();
    await press(page, "Challenge the result");
    const before = await balance();
    await openCase(page);
    tried.push(page.url());
    await page.getByRole("link", { name: "Appeal on the page of the job" }).click({ timeout: TRIED_MS });
    expect(page.url()).to.equal(job);
    await press(page, "Appeal the verdict");
    await openCase(page);
    tried.push(page.url());
    await page.getByText("The client appealed").waitFor();
    await verdict(page, "Acquitted: the result stands");
    await page.getByText("None of the 12 seats that spoke").waitFor();
    await expectLine(page, "Client: Bond, lost", -2n * BOND);
    expect(await balance()).to.equal(before - BOND);
    await page.goto(job);
    await page.getByText(/^The provider was paid; random audits stood/).waitFor({ timeout: TRIED_MS });
    await seen.context.close();
  });

  /** Waits until the page of a case tells of an amount. */
  async function expectLine(page: Page, name: string, amount: bigint): Promise<void> {
    await page.getByText(written(amount), { exact: false }).first().waitFor();
    expect((await moneyOf(page))[name]).to.equal(amount);
  }

  it("lets anyone open the audit of a drawn job, once, and its client alone doubt the result", async () => {
    const seats = stage.network.seats.map(({ daemon }) => daemon);
    const { page, stranger } = await whileAsleep(seats, async () => {
      const buyer = await buy(stage, { provider: "Aurora", prompts: MANY, maxTokens: 1 });
      const other = await connected(stage, new URL(buyer.page.url()).hash.slice(1), { account: STRANGER });
      await other.page.getByRole("button", { name: "Open the audit" }).waitFor({ timeout: TRIED_MS });
      expect(await offers(other.page)).to.deep.equal(["Open the audit"]);
      await buyer.page.getByRole("button", { name: "Open the audit" }).waitFor();
      expect(await offers(buyer.page)).to.include.members(["Challenge the result", "Demand an item"]);
      await press(other.page, "Open the audit");
      await card(other.page, "What you can do").waitFor({ state: "detached" });
      return { page: buyer.page, stranger: other.page };
    });
    await openCase(stranger);
    tried.push(stranger.url());
    await stranger.getByText("The random draw chose this job for an audit.").waitFor();
    await verdict(stranger, "Acquitted: the result stands");
    await stranger.getByText("None of the 3 seats that spoke").waitFor();
    await page.getByText(/^The provider was paid; random audits stood/).waitFor({ timeout: TRIED_MS });
    await Promise.all([page, stranger].map((one) => one.context().close()));
  });

  it("has an item published that its buyer demands, and shows it", async () => {
    const seen = await buy(stage, { provider: "Aurora", prompts: STORY, maxTokens: 24 });
    const { page } = seen;
    const answer = await page.getByRole("table").getByRole("row").nth(1).getByRole("cell").nth(2).textContent();
    const before = await balance();
    await press(page, "Demand an item");
    await page.getByText("Published on chain").waitFor({ timeout: TRIED_MS });
    await page.getByRole("button", { name: "Show what was published" }).click();
    const published = page.locator("blockquote");
    expect(await published.textContent()).to.equal(answer);
    expect(await balance()).to.equal(before - units("0.1"));
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(await breachesOf(page)).to.deep.equal([]);
    await seen.context.close();
  });

  it("repays a buyer whose demand nobody answers, once it ends it", async () => {
    const seen = await buy(stage, { provider: "Basalt", prompts: STORY, maxTokens: 24 });
    const { page } = seen;
    await page.getByRole("button", { name: "Demand an item" }).waitFor({ timeout: TRIED_MS });
    const { daemon, provider } = providerOf("Basalt");
    const { stake } = await stage.network.buyer.getAccount({ account: provider });
    await whileAsleep([daemon], async () => {
      const before = await balance();
      await press(page, "Demand an item");
      await page.getByText("Waits for the provider").waitFor();
      expect(await offers(page)).to.not.include("End the unanswered demand");
      await press(page, "End the unanswered demand");
      await page.getByText(/^The provider showed nobody the result/).waitFor();
      expect((await balance()) > before).to.equal(true);
    });
    const { stake: left } = await stage.network.buyer.getAccount({ account: provider });
    expect(stake - left).to.equal(units("25"));
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.context.close();
  });

  it("convicts a provider that shows the seats of a case nothing", async () => {
    const seen = await buy(stage, { provider: "Aurora", prompts: STORY, maxTokens: 24 });
    const { page } = seen;
    await page.getByRole("button", { name: "Challenge the result" }).waitFor({ timeout: TRIED_MS });
    await whileAsleep([providerOf("Aurora").daemon], async () => {
      await press(page, "Challenge the result");
      await openCase(page);
      tried.push(page.url());
      await page.getByText("A seat could not get the data").waitFor({ timeout: TRIED_MS });
      await verdict(page, "Convicted: the provider showed nothing");
    });
    await expectLine(page, "Provider: Stake", -units("25"));
    await seen.context.close();
  });

  it("shows the list and every kind of case whole and accessible, light and dark, on a phone, too", async () => {
    const list = `${stage.dapp.url}/#/cases`;
    const first = await visit(stage.browser, list);
    const links = first.page.getByRole("table").locator('a[href^="#/cases/"]');
    await links.first().waitFor();
    const urls = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(new Set(tried).size).to.equal(4);
    expect(urls).to.include.members(tried); // By chance there may be one more.
    for (const url of [list, ...urls]) {
      for (const colorScheme of ["light", "dark"] as const) {
        const seen = await visit(stage.browser, url, { colorScheme });
        await seen.page.getByRole("table").first().waitFor();
        if (url !== list) {
          await moneyOf(seen.page);
        }
        expect(await blemishesOf(seen), url).to.deep.equal([]);
        expect(await breachesOf(seen.page), url).to.deep.equal([]);
        await seen.page.setViewportSize({ width: 360, height: 740 });
        expect(await overflowOf(seen.page)).to.be.at.most(0);
        expect(await breachesOf(seen.page), url).to.deep.equal([]);
        await seen.context.close();
      }
    }
    await first.context.close();
  });
});
