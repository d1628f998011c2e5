import type { Locator, Page } from "playwright-core";
import { formatUnits, parseUnits } from "viem";
import type { Daemon } from "../../../../scripts/network/daemon.ts";
import { localCourtParameters } from "../../../../scripts/network/parameters.ts";
import type { Stage } from "./stage.ts";
import { connected, type WalletVisit } from "./with-wallet.ts";

const DECIMALS = 6;

/**
 * Seats enough for both tiers of a case, and a court that leaves people time to press something. Of jobs that cost a few
 * thousandths the draw takes one in 500: what tests buy is hardly ever audited unless they want it.
 */
export const COURT = {
  seats: 13,
  courtParameters: {
    ...localCourtParameters,
    auditValue: parseUnits("1", DECIMALS),
    commitWindow: 90,
    appealWindow: 30,
    answerWindow: 15,
  },
} as const;

/** What is bought, and of whom. */
export interface Order {
  /** The name on the provider's card. */
  readonly provider: string;
  readonly prompts: readonly string[];
  readonly maxTokens: number;
}

/** Buys a job as people do, up to the page of the job. */
export async function buy(stage: Stage, { provider, prompts, maxTokens }: Order): Promise<WalletVisit> {
  const seen = await connected(stage, "/jobs/new");
  const { page } = seen;
  await page.getByLabel("Prompts", { exact: true }).fill(prompts.join("\n"));
  await page.getByLabel("Most tokens an answer").fill(String(maxTokens));
  await page.getByRole("button", { name: "Get offers" }).click();
  await page.getByRole("radio", { name: new RegExp(provider) }).check();
  await page.getByRole("button", { name: /^Buy for/ }).click();
  await page.waitForURL(/#\/jobs\/0x[0-9a-f]{64}$/);
  return seen;
}

/** Presses what a job's page offers once it does, and confirms; resolves when it is done. */
export async function press(page: Page, name: string, withinMs = 60_000): Promise<void> {
  await page.getByRole("button", { name }).click({ timeout: withinMs });
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name }).click();
  await dialog.waitFor({ state: "detached" });
}

/** What the page of a job offers to do now, by the names on the buttons. */
export async function offers(page: Page): Promise<readonly string[]> {
  return await card(page, "What you can do").getByRole("button").allInnerTexts();
}

/** Follows the link from a job's page to its case. */
export async function openCase(page: Page): Promise<void> {
  await page.getByRole("link", { name: /^Case 0x/ }).click();
  await page.getByRole("heading", { name: /^Case 0x/ }).waitFor();
}

/** The part of a page under a heading. */
export function card(page: Page, title: string): Locator {
  return page.locator("section").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
}

/** What a case's page says that somebody has or lost by it: token units by name, "Client: Price, repaid". */
export async function moneyOf(page: Page): Promise<Readonly<Record<string, bigint>>> {
  const lines = card(page, "Who gained, who lost").locator("dl > div");
  await lines.filter({ hasText: /\d/ }).first().waitFor(); // until the token is read there are dashes
  const told = await lines.evaluateAll((all) =>
    all.map((line) => [...line.querySelectorAll("dt > span, dd")].map(({ textContent }) => textContent ?? "")),
  );
  return Object.fromEntries(
    told.map((parts) => {
      const [party = "", what = "", amount = ""] = parts.filter((part) => part !== "");
      return [`${party}: ${what}`, parseUnits(amount.replaceAll(/[^\d.-]/g, ""), DECIMALS)];
    }),
  );
}

/** An amount as pages write it. */
export function written(amount: bigint): string {
  return formatUnits(amount, DECIMALS);
}

/** Does something while some nodes sleep, as if they were cut off. */
export async function whileAsleep<Result>(daemons: readonly Daemon[], work: () => Promise<Result>): Promise<Result> {
  const send = (signal: NodeJS.Signals) => {
    for (const { process } of daemons) {
      process.kill(signal);
    }
  };
  send("SIGSTOP");
  try {
    return await work();
  } finally {
    send("SIGCONT");
  }
}
