import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { blemishesOf } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected } from "./support/with-wallet.ts";

const PROMPTS = ["Tell a story about a brave fox", "Tell a story about a lost key"];
const ANSWERED_MS = 120_000;

describe("a batch job in a real browser", function () {
  this.timeout(240_000);
  let stage: Stage;

  before(async () => {
    stage = await startStage();
  });

  after(() => stage?.close());

  /** Opens the page of a new job with a connected wallet, and asks for offers. */
  async function offered() {
    const seen = await connected(stage, "/jobs/new");
    const { page } = seen;
    await page.getByLabel("Prompts", { exact: true }).fill(PROMPTS.join("\n"));
    await page.getByLabel("Most tokens an answer").fill("24");
    await page.getByRole("button", { name: "Get offers" }).click();
    await page.getByRole("button", { name: /^Buy for/ }).waitFor();
    return seen;
  }

  async function download(page: Page, name: string): Promise<string> {
    const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return await readFile(await saved.path(), "utf8");
  }

  it("goes from prompts to answers that are checked and saved, with one confirmation", async () => {
    const { page, context, wallet } = await offered();
    await page.getByRole("button", { name: /^Buy for/ }).click();
    await page.waitForURL(/#\/jobs\/0x[0-9a-f]{64}$/);
    expect(wallet.asked).to.deep.equal(["eth_sendTransaction"]);
    await page.getByRole("button", { name: "JSON Lines" }).waitFor({ timeout: ANSWERED_MS });
    const lines = (await download(page, "JSON Lines")).trim().split("\n");
    expect(lines).to.have.length(PROMPTS.length);
    expect(lines[0]).to.include("brave fox");
    expect((await download(page, "CSV")).split("\n")[0]).to.match(/prompt/i);
    await page.getByRole("button", { name: "Verify in this browser" }).click();
    await page.getByText("All is in order.").waitFor();
    await context.close();
  });

  it("keeps the prompts where the wallet refuses, and says that nothing was sent", async () => {
    const seen = await offered();
    seen.mood.answer = "refuse";
    await seen.page.getByRole("button", { name: /^Buy for/ }).click();
    await seen.page.getByRole("alert").getByText("You declined it in the wallet").waitFor();
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(await seen.page.getByLabel("Prompts", { exact: true }).inputValue()).to.equal(PROMPTS.join("\n"));
    seen.mood.answer = "sign";
    await seen.page.getByRole("button", { name: /^Buy for/ }).click();
    await seen.page.waitForURL(/#\/jobs\/0x[0-9a-f]{64}$/);
    await seen.context.close();
  });

  it("says who cannot be reached where a provider died, and the job page stays whole", async () => {
    const seen = await offered();
    await seen.page.getByRole("button", { name: /^Buy for/ }).click();
    await seen.page.waitForURL(/#\/jobs\/0x[0-9a-f]{64}$/);
    await Promise.all(stage.network.providers.map(({ daemon }) => daemon.stop()));
    await seen.page.reload();
    await seen.page.getByRole("heading", { name: /^Job 0x/ }).waitFor();
    await seen.page.waitForTimeout(3_000);
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.page.goto(`${stage.dapp.url}/#/providers`);
    await seen.page
      .getByText(/unreachable|not reached|cannot be reached/i)
      .first()
      .waitFor();
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.context.close();
  });
});
