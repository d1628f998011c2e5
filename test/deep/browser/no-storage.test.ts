import { expect } from "chai";
import type { Page } from "playwright-core";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf, type Visit, visit } from "./support/browser.ts";
import { MISSING, PAGES, type Stage, startStage } from "./support/stage.ts";
import { fillStorage, forbidStorage } from "./support/storage.ts";

const ANSWERED_MS = 60_000;

describe("a browser that keeps nothing for the pages", function () {
  this.timeout(240_000);
  let stage: Stage;

  before(async () => {
    stage = await startStage();
  });

  after(() => stage?.close());

  const open = (path: string, prepare: (page: Page) => Promise<void>): Promise<Visit> =>
    visit(stage.browser, `${stage.dapp.url}/#${path}`, { prepare });

  const connect = async (page: Page) => {
    await page.getByRole("banner").getByRole("button", { name: "Connect" }).click();
    await page.getByRole("button", { name: "Newcomer (development)" }).click();
    await page.getByRole("button", { name: /^Account 0x/ }).waitFor();
  };

  /** Buys an answer, and looks at its receipt. */
  async function buy(seen: Visit): Promise<void> {
    const { page } = seen;
    await connect(page);
    await page.getByLabel("Your message").fill("Tell a story about a brave fox and a lost key");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Receipt checked" }).click({ timeout: ANSWERED_MS });
    const dialog = page.getByRole("dialog", { name: "Receipt" });
    await dialog.getByText("It is signed by a key of the provider.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Take back" }).waitFor();
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(await breachesOf(page)).to.deep.equal([]);
  }

  for (const path of [...PAGES, ...MISSING]) {
    it(`opens ${path}`, async () => {
      const seen = await open(path, forbidStorage);
      await seen.page.getByRole("heading", { level: 1 }).waitFor();
      expect(await blemishesOf(seen)).to.deep.equal([]);
      await seen.context.close();
    });
  }

  it("changes colours for as long as the page is open", async () => {
    const { page, context, failures } = await open("/", forbidStorage);
    await page.getByRole("button", { name: "Use dark colours" }).click();
    expect(await page.locator("html").getAttribute("class")).to.include("dark");
    await page.getByRole("button", { name: "Use light colours" }).waitFor();
    expect(failures).to.deep.equal([]);
    await context.close();
  });

  it("buys an answer, is warned, and finds its deposit on the chain when it comes back", async () => {
    const seen = await open("/", forbidStorage);
    const { page } = seen;
    await buy(seen);
    await page.getByText("This browser keeps nothing for this page").waitFor();
    await page.reload();
    await connect(page);
    await page.getByRole("button", { name: "Find a forgotten one" }).click();
    await page.getByText("Found: press Take back").waitFor();
    await page.getByRole("button", { name: "Take back" }).click();
    await page.getByText("Asked on chain for what no provider gave back").waitFor();
    await page.getByText(/can be taken back/).waitFor();
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.context.close();
  });

  it("buys an answer where storage is there, and full", async () => {
    const seen = await open("/", fillStorage);
    await buy(seen);
    await seen.context.close();
  });
});
