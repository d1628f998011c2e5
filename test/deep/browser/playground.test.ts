import { expect } from "chai";
import { deployContract } from "../../integration/support/sdk-world.ts";
import type { WalletHabits } from "../../integration/support/wallet.ts";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf, visit } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected } from "./support/with-wallet.ts";

const ANSWERED_MS = 60_000;
const PROMPT = "Tell a story about a brave fox and a lost key";

describe("the playground in a real browser", function () {
  this.timeout(240_000);
  let stage: Stage;

  before(async () => {
    stage = await startStage();
  });

  after(() => stage?.close());

  const open = () => connected(stage, "/");

  it("gives a newcomer with nothing installed a first answer, and its receipt", async () => {
    const { page, context } = await visit(stage.browser, stage.dapp.url);
    await page.getByRole("banner").getByRole("button", { name: "Connect" }).click();
    await page.getByRole("button", { name: "Newcomer (development)" }).click();
    await page.getByRole("button", { name: /^Account 0x/ }).waitFor();
    await page.getByLabel("Your message").fill(PROMPT);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Receipt checked" }).waitFor({ timeout: ANSWERED_MS });
    await context.close();
  });

  it("asks the wallet once for a channel, then never again while it lasts", async () => {
    const { page, context, failures, wallet } = await open();
    for (const turn of [1, 2]) {
      await page.getByLabel("Your message").fill(PROMPT);
      await page.keyboard.press("Enter");
      await page
        .getByRole("button", { name: "Receipt checked" })
        .nth(turn - 1)
        .waitFor({ timeout: ANSWERED_MS });
    }
    expect(wallet.asked).to.deep.equal(["eth_signTypedData_v4"]);
    await page.getByRole("button", { name: "Receipt checked" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Receipt" });
    await dialog.getByText("It is signed by a key of the provider.").waitFor();
    expect(await dialog.getByRole("img", { name: "Passed" }).count()).to.be.at.least(8);
    expect(await dialog.getByRole("img", { name: "Failed" }).count()).to.equal(0);
    expect(await breachesOf(page)).to.deep.equal([]);
    expect(failures).to.deep.equal([]);
    await context.close();
  });

  it("keeps the message where the wallet refuses, and asks again when told to", async () => {
    const seen = await open();
    seen.mood.answer = "refuse";
    await seen.page.getByLabel("Your message").fill(PROMPT);
    await seen.page.keyboard.press("Enter");
    await seen.page.getByRole("button", { name: "Ask again" }).waitFor();
    expect(await blemishesOf(seen)).to.deep.equal([]);
    seen.mood.answer = "sign";
    await seen.page.getByRole("button", { name: "Ask again" }).click();
    await seen.page.getByRole("button", { name: "Receipt checked" }).waitFor({ timeout: ANSWERED_MS });
    await seen.context.close();
  });

  /** Deposits by the dialog in the header, and returns what the wallet was asked. */
  async function deposit(habits: WalletHabits): Promise<readonly string[]> {
    const { page, context, wallet } = await connected(stage, "/", { habits });
    const { buyer } = stage.network;
    const { balance } = await buyer.getAccount({});
    await page.getByRole("button", { name: "Funds" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: /^Amount/ }).fill("2.5");
    await dialog.getByRole("button", { name: /^Deposit/ }).click();
    await page.getByText("The deposit is in the market.").waitFor();
    expect((await buyer.getAccount({})).balance).to.equal(balance + 2_500_000n);
    await context.close();
    return wallet.asked;
  }

  it("deposits into the market with one signature and one transaction", async () => {
    expect(await deposit({})).to.deep.equal(["eth_signTypedData_v4", "eth_sendTransaction"]);
  });

  it("deposits with one confirmation where the wallet sends calls together", async () => {
    const executor = await deployContract(stage.network.buyer, "dev/BatchAccount.sol/BatchAccount");
    expect(await deposit({ atomic: "supported", executor })).to.deep.equal(["wallet_sendCalls"]);
  });

  it("says that nobody sells once the providers died, and throws nothing", async () => {
    await Promise.all(stage.network.providers.map(({ daemon }) => daemon.stop()));
    const seen = await open();
    await seen.page.getByText("Nobody sells answers right now").waitFor({ timeout: ANSWERED_MS });
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await seen.context.close();
  });
});
