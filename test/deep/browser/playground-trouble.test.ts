import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Daemon, START, startDaemon, untilReady } from "../../../scripts/network/daemon.ts";
import { breachesOf } from "./support/accessibility.ts";
import { blemishesOf } from "./support/browser.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { connected, type WalletVisit } from "./support/with-wallet.ts";

const ANSWERED_MS = 60_000;
const PROMPTS = [
  "Tell a story about a brave fox and a lost key",
  "Tell a story about a girl who could talk to the rain",
];

describe("a provider that dies in the middle of an answer, in a real browser", function () {
  this.timeout(240_000);
  let stage: Stage;
  let seen: WalletVisit;
  const revived: Daemon[] = [];
  const dead: string[] = [];
  let slowed: (() => void) | undefined;

  before(async () => {
    stage = await startStage();
    seen = await connected(stage, "/");
    await seen.page.exposeFunction("killProvider", (address: string) => {
      slowed?.();
      dead.push(address);
      stage.network.providers.find(({ provider }) => provider === address)?.daemon.process.kill("SIGKILL");
    });
  });

  after(async () => {
    slowed?.();
    await Promise.all(revived.map((daemon) => daemon.stop()));
    await stage?.close();
  });

  const lastTurn = () => seen.page.getByRole("article").last();

  /** Sends a message; when the first words of its answer are there, their provider is killed. */
  async function askAndKill(prompt: string): Promise<void> {
    const { page } = seen;
    slowed = slowDown(stage.network.providers.map(({ daemon }) => daemon.process));
    const turns = await page.getByRole("article").count();
    await page.evaluate(killAtFirstWords, turns);
    await page.getByLabel("Your message").fill(prompt);
    await page.keyboard.press("Enter");
  }

  const answerOf = () => lastTurn().locator("p.max-w-prose").textContent();

  it("another goes on where it left off, and what the first may charge is told", async () => {
    const { page } = seen;
    await askAndKill(PROMPTS[0] ?? "");
    await lastTurn().getByRole("button", { name: "Receipt checked" }).waitFor({ timeout: ANSWERED_MS });
    expect(dead).to.have.length(1);
    const [other] = stage.network.providers.filter(({ provider }) => provider !== dead[0]);
    await lastTurn()
      .getByRole("link", { name: new RegExp(other?.name ?? "") })
      .waitFor();
    await lastTurn()
      .getByText(/did not finish, and another provider took over/)
      .waitFor();
    await lastTurn()
      .getByText(/At most .+ can be charged/)
      .waitFor();
    const text = await answerOf();
    expect(text).to.include(await firstWords(page));
    expect(text?.length).to.be.greaterThan((await firstWords(page)).length);
    await page.getByText(/This conversation: at most/).waitFor();
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(await breachesOf(page)).to.deep.equal([]);
  });

  it("where no one is left, what arrived stays, with what happened and what it costs at most", async () => {
    const { page } = seen;
    await askAndKill(PROMPTS[1] ?? "");
    await lastTurn().getByText("The provider stopped in the middle").waitFor({ timeout: ANSWERED_MS });
    await lastTurn()
      .getByText(/At most .+ can be charged for what broke off/)
      .waitFor();
    expect(dead).to.have.length(2);
    expect(await answerOf()).to.include(await firstWords(page));
    await page.getByText("Nobody sells answers right now").waitFor({ timeout: ANSWERED_MS });
    expect(await lastTurn().getByRole("button", { name: "Ask again" }).count()).to.equal(0);
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(await breachesOf(page)).to.deep.equal([]);
  });

  it("and the conversation goes on once somebody sells again", async () => {
    const { page } = seen;
    const back = stage.network.providers.find(({ provider }) => provider === dead[0]);
    const folder = path.join(stage.network.folder, back?.name ?? "");
    const daemon = startDaemon([...START, "--config", path.join(folder, "config.json")], path.join(folder, "node.log"));
    revived.push(daemon);
    await untilReady(daemon, back?.url ?? "", ANSWERED_MS);
    await lastTurn().getByRole("button", { name: "Ask again" }).click({ timeout: ANSWERED_MS });
    await lastTurn().getByRole("button", { name: "Receipt checked" }).waitFor({ timeout: ANSWERED_MS });
    expect(await page.getByRole("article").count()).to.equal(3);
    expect(await blemishesOf(seen)).to.deep.equal([]);
    expect(seen.failures).to.deep.equal([]);
  });
});

/** Of each so many milliseconds a slow process runs but a few: its answer is not over before it can be killed. */
const SLOW = { runs: 5, of: 30 };

/** Makes processes slow; what is returned ends that. */
function slowDown(processes: readonly ChildProcess[]): () => void {
  const send = (signal: NodeJS.Signals) => {
    for (const one of processes) {
      one.kill(signal);
    }
  };
  let isOver = false;
  const timer = setInterval(() => {
    send("SIGCONT");
    setTimeout(() => !isOver && send("SIGSTOP"), SLOW.runs);
  }, SLOW.of);
  return () => {
    isOver = true;
    clearInterval(timer);
    send("SIGCONT");
  };
}

/** Runs in the page: once only, for the answer after so many. */
function killAtFirstWords(turns: number): void {
  const scope = window as unknown as { killProvider: (address: string) => Promise<void>; firstWords: string };
  const watcher = new MutationObserver(() => {
    const turn = document.querySelectorAll("article")[turns];
    const text = turn?.querySelector("p.max-w-prose")?.textContent ?? "";
    const provider = turn?.querySelector('a[href*="/providers/"]')?.getAttribute("href")?.split("/").at(-1);
    if (text !== "" && provider !== undefined) {
      watcher.disconnect();
      scope.firstWords = text;
      void scope.killProvider(provider);
    }
  });
  watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
}

/** What was on the page when the provider was killed last. */
function firstWords(page: Page): Promise<string> {
  return page.evaluate(() => (window as unknown as { firstWords: string }).firstWords);
}
