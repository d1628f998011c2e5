import { expect } from "chai";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf, overflowOf, visit } from "./support/browser.ts";
import { MISSING, PAGES, type Stage, startStage } from "./support/stage.ts";
import { askToConnect, connected, visitWithWallet } from "./support/with-wallet.ts";

const SETTLE_MS = 1_000;
const PHONE = 360;

describe("the pages in a real browser", function () {
  this.timeout(120_000);
  let stage: Stage;
  const at = (path: string) => `${stage.dapp.url}/#${path}`;

  before(async () => {
    stage = await startStage();
  });

  after(() => stage?.close());

  for (const path of [...PAGES, ...MISSING]) {
    it(`${path} is whole and accessible, light and dark, on a phone, too`, async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        const seen = await visit(stage.browser, at(path), { colorScheme });
        await seen.page.locator("h1").first().waitFor();
        await seen.page.waitForTimeout(SETTLE_MS);
        expect(await blemishesOf(seen), colorScheme).to.deep.equal([]);
        expect(await breachesOf(seen.page), colorScheme).to.deep.equal([]);
        await seen.page.setViewportSize({ width: PHONE, height: 740 });
        expect(await overflowOf(seen.page)).to.be.at.most(0);
        await seen.context.close();
      }
    });
  }

  it("are looked at by an axe that finds what is wrong", async () => {
    const { page, context } = await visit(stage.browser, at("/network"));
    await page.locator("h1").first().waitFor();
    await page.evaluate(() => document.querySelector("main")?.append(document.createElement("img")));
    expect(await breachesOf(page)).to.satisfy((found: readonly string[]) =>
      found.some((one) => one.startsWith("image-alt")),
    );
    await context.close();
  });

  describe("with a wallet", () => {
    it("connects, shows what it has in the market, and disconnects", async () => {
      const { page, context } = await connected(stage, "/jobs");
      await page.getByRole("button", { name: /^Account 0x/ }).click();
      await page.getByText("In the market:").waitFor();
      await page.getByRole("menuitem", { name: "Disconnect" }).click();
      await page.getByRole("banner").getByRole("button", { name: "Connect" }).waitFor();
      await context.close();
    });

    it("says so in plain words where the wallet refuses to connect", async () => {
      const seen = await visitWithWallet(stage, "/jobs");
      seen.mood.answer = "refuse";
      await askToConnect(seen.page);
      await seen.page.getByRole("alert").getByText("You declined it in the wallet").waitFor();
      expect(await blemishesOf(seen)).to.deep.equal([]);
      await seen.context.close();
    });

    for (const path of PAGES) {
      it(`${path} stays whole where the wallet is on another chain, never answers, or refuses`, async () => {
        for (const trouble of ["other chain", "wait", "refuse"] as const) {
          const isElsewhere = trouble === "other chain";
          const seen = await visitWithWallet(stage, path, isElsewhere ? { habits: { chainId: 1 } } : {});
          seen.mood.answer = isElsewhere ? "sign" : trouble;
          await askToConnect(seen.page);
          await seen.page.waitForTimeout(SETTLE_MS);
          expect(await blemishesOf(seen), trouble).to.deep.equal([]);
          await seen.context.close();
        }
      });
    }

    it("is asked to change the chain, and the page goes on once it did", async () => {
      const { page, context, wallet } = await connected(stage, "/console", { habits: { chainId: 1 } });
      await page.getByText("Your wallet is on another chain").first().waitFor();
      await page.getByRole("button", { name: "Switch to Local network" }).first().click();
      await page.getByText("Your wallet is on another chain").first().waitFor({ state: "detached" });
      expect(wallet.habits.chainId).to.equal(stage.network.chain.chainId);
      await context.close();
    });
  });

  it("say what is missing where the chain does not answer", async () => {
    for (const path of PAGES) {
      const seen = await visit(stage.browser, at(path), {
        prepare: (page) => page.route(`${stage.network.chain.rpcUrl}/**`, (route) => route.abort()),
      });
      await seen.page.locator("h1").first().waitFor();
      await seen.page.waitForTimeout(2 * SETTLE_MS);
      expect(await blemishesOf(seen), path).to.deep.equal([]);
      await seen.context.close();
    }
  });

  it("say so where they are served without a network", async () => {
    const seen = await visit(stage.browser, at("/"), {
      prepare: (page) => page.route("**/network.json", (route) => route.fulfill({ status: 404, body: "" })),
    });
    await seen.page.getByText("These pages do not know which market to show").waitFor();
    await seen.context.close();
  });
});
