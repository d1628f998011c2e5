import type { Offer } from "@touchstone/sdk";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Hex, parseUnits } from "viem";
import { blemishesOf } from "./support/browser.ts";
import { card, offers, press, whileAsleep } from "./support/court.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected } from "./support/with-wallet.ts";

const DECIMALS = 6;
const PRICE = parseUnits("1", DECIMALS);
const MODEL: Hex = `0x${"5a".repeat(32)}`; // nobody sells it
const ACCEPT_WITHIN = 25;
/** Nobody promises to be much faster. */
const SUBMIT_WITHIN = 30;
const STRANGER = 12;

describe("ending a job in a real browser", function () {
  this.timeout(120_000);
  let stage: Stage;

  before(async () => {
    stage = await startStage();
  });

  after(() => stage?.close());

  const now = () => Math.floor(Date.now() / 1000);
  const balance = async () => (await stage.network.buyer.getAccount({})).balance;

  /** Posts a job that no provider takes: pages sell by quotes alone. */
  async function postOpen(acceptWithin: number): Promise<Hex> {
    const { buyer } = stage.network;
    const acceptBy = now() + acceptWithin;
    const { job } = await buyer.postJob({ model: MODEL, requests: ["x"], price: PRICE, acceptBy });
    return job;
  }

  /** Waits for what the page of a job says of its end. */
  const ended = (page: Page, sentence: RegExp) => page.getByText(sentence).waitFor();

  it("takes back what nobody accepted, which its client alone may", async () => {
    const job = await postOpen(600);
    const other = await connected(stage, `/jobs/${job}`, { account: STRANGER });
    const seen = await connected(stage, `/jobs/${job}`);
    const before = await balance();
    await press(seen.page, "Cancel the job");
    await ended(seen.page, /^The client took it back/);
    await card(seen.page, "What you can do").waitFor({ state: "detached" });
    expect(await balance()).to.equal(before + PRICE);
    await ended(other.page, /^The client took it back/);
    expect(await blemishesOf(seen)).to.deep.equal([]);
    await Promise.all([seen, other].map(({ context }) => context.close()));
  });

  it("offers to cancel until the job can be accepted no more, and to end it from then on, to anyone", async () => {
    const job = await postOpen(ACCEPT_WITHIN);
    const other = await connected(stage, `/jobs/${job}`, { account: STRANGER });
    const seen = await connected(stage, `/jobs/${job}`);
    await seen.page.getByRole("button", { name: "Cancel the job" }).waitFor();
    expect(await card(other.page, "What you can do").count()).to.equal(0);
    const before = await balance();
    await press(other.page, "End the overdue job");
    expect(await offers(seen.page)).to.not.include("Cancel the job");
    await ended(seen.page, /^Nobody accepted it in time/);
    expect(await balance()).to.equal(before + PRICE);
    await Promise.all([seen, other].map(({ context }) => context.close()));
  });

  it("ends a job that its provider did not deliver, with a part of its penalty for the client", async () => {
    const { buyer, providers } = stage.network;
    const [seller] = (await buyer.discoverProviders()).providers;
    const [model] = seller!.card.touchstone.models;
    const requests = ["Tell a story about a brave fox"];
    const { spec } = await buyer.prepareJob({ model: model!.id, requests, price: 0n, submitWithin: SUBMIT_WITHIN });
    const { offers: quotes } = await buyer.requestQuotes({ urls: [seller!.endpoint], spec, requests });
    const [{ quote, price }] = quotes as [Offer];
    await whileAsleep(
      providers.map(({ daemon }) => daemon),
      async () => {
        const { job } = await buyer.postAcceptedJob({ quote });
        const seen = await connected(stage, `/jobs/${job}`);
        const before = await balance();
        await press(seen.page, "End the overdue job");
        await ended(seen.page, /^The provider delivered nothing in time/);
        await seen.page.getByText("Penalty to the client").waitFor();
        expect((await balance()) > before + price).to.equal(true);
        expect(await blemishesOf(seen)).to.deep.equal([]);
        await seen.context.close();
      },
    );
  });
});
