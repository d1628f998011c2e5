import { expect } from "chai";
import type { Page } from "playwright-core";
import { parseUnits } from "viem";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected, type WalletVisit } from "./support/with-wallet.ts";

/** Development account of the first provider. */
const OWNER = 2;
const NODE = "/console?tab=node";
const DECIMALS = 6;
const SOON_MS = 60_000;

describe("the owner of a running node in a real browser", function () {
  this.timeout(240_000);
  let stage: Stage;
  let seen: WalletVisit;

  before(async () => {
    stage = await startStage();
    seen = await connected(stage, NODE, { account: OWNER });
  });

  after(() => stage?.close());

  const card = async () => {
    const { buyer, providers } = stage.network;
    return (await buyer.getProviderCard({ provider: providers[0]?.provider ?? "0x" })).card;
  };

  /** What a million tokens written cost, by the card. */
  const price = async () => BigInt((await card()).touchstone.models[0]?.pricePerMillionOutputTokens ?? 0);

  const written = (page: Page) => page.getByRole("textbox", { name: /^A million tokens written/ });

  /** The row of the provider on its own page, and on the page of all. */
  async function priceShown(amount: string): Promise<void> {
    const { page, context } = await connected(stage, "/providers");
    await page
      .getByRole("row", { name: /Aurora/ })
      .filter({ hasText: amount })
      .waitFor({ timeout: SOON_MS });
    await context.close();
  }

  it("sees it, and that it takes work", async () => {
    const { page } = seen;
    await page.getByText("Takes work").waitFor();
    await page.getByText("Aurora", { exact: true }).waitFor();
    await page.getByText(stage.network.providers[0]?.url ?? "").waitFor();
    expect(await written(page).inputValue()).to.equal("1.5");
    expect(await breachesOf(page)).to.deep.equal([]);
  });

  it("changes nothing where the wallet refuses, and keeps what was typed", async () => {
    const { page, mood } = seen;
    mood.answer = "refuse";
    await written(page).fill("2.75");
    await page.getByRole("button", { name: "Sign and set prices" }).click();
    await page.getByText("You declined it in the wallet").waitFor();
    expect(await price()).to.equal(parseUnits("1.5", DECIMALS));
    expect(await written(page).inputValue()).to.equal("2.75");
    await page.getByRole("button", { name: "Drain" }).click();
    await page.getByText("You declined it in the wallet").nth(1).waitFor();
    expect((await card()).active).to.equal(true);
    expect(await blemishesOf(seen)).to.deep.equal([]);
    mood.answer = "sign";
  });

  it("sets its prices by one signature, and buyers are told the new ones", async () => {
    const { page, wallet } = seen;
    wallet.asked.length = 0;
    await written(page).fill("2.75");
    await page.getByRole("button", { name: "Sign and set prices" }).click();
    await page.getByText("The node follows it now.").waitFor();
    expect(wallet.asked).to.deep.equal(["eth_signTypedData_v4"]);
    expect(await price()).to.equal(parseUnits("2.75", DECIMALS));
    await page.getByText("In the settings: 1.5", { exact: true }).waitFor();
    expect(await breachesOf(page)).to.deep.equal([]);
    await priceShown("2.75");
  });

  it("goes back to the prices of its settings", async () => {
    const { page } = seen;
    await page.getByRole("button", { name: "Back to the settings' prices" }).click();
    await page.getByRole("button", { name: "Back to the settings' prices" }).waitFor({ state: "hidden" });
    expect(await price()).to.equal(parseUnits("1.5", DECIMALS));
    expect(await written(page).inputValue()).to.equal("1.5");
    await priceShown("1.5");
  });

  it("drains it, so that it takes no new work, until it has it resume", async () => {
    const { page } = seen;
    await page.getByRole("button", { name: "Drain" }).click();
    await page.getByText("Drained", { exact: true }).waitFor();
    expect((await card()).active).to.equal(false);
    expect(await quotes()).to.deep.equal({ offers: 0, refusals: 1 });
    expect(await breachesOf(page)).to.deep.equal([]);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("Takes work").waitFor();
    expect((await card()).active).to.equal(true);
    expect(await quotes()).to.deep.equal({ offers: 1, refusals: 0 });
    expect(await blemishesOf(seen)).to.deep.equal([]);
  });

  /** How the node answers who asks for a price. */
  async function quotes() {
    const { buyer, providers } = stage.network;
    const model = (await card()).touchstone.models[0]?.id ?? "0x";
    const requests = [{ messages: [{ role: "user", content: "Tell a story" }], maxTokens: 8 }] as const;
    const { spec } = await buyer.prepareJob({ model, requests, price: 0n, challengeWindow: 2 });
    const { offers, refusals } = await buyer.requestQuotes({ urls: [providers[0]?.url ?? ""], spec, requests });
    return { offers: offers.length, refusals: refusals.length };
  }

  it("tells somebody else that only its owner can", async () => {
    const other = await connected(stage, NODE);
    await other.page.getByText("No node has published a card for this account").waitFor();
    await other.page.getByText(/connect the one that owns its stake/).waitFor();
    expect(await other.page.getByRole("button", { name: "Drain" }).count()).to.equal(0);
    expect(await blemishesOf(other)).to.deep.equal([]);
    expect(await breachesOf(other.page)).to.deep.equal([]);
    await other.context.close();
  });
});
