import type { Page } from "playwright-core";
import { BUYER } from "../../../../scripts/network/network.ts";
import { TestWallet, type WalletHabits } from "../../../integration/support/wallet.ts";
import { type Visit, visit } from "./browser.ts";
import type { Stage } from "./stage.ts";
import { putWallet, type WalletMood } from "./wallet.ts";

export interface WalletVisitOptions {
  /** Index of the development account in the wallet. Default: the buyer. */
  readonly account?: number;
  /** Of the pages. Default: the stage's. */
  readonly url?: string;
  readonly habits?: WalletHabits;
}

/** A page with a wallet in it. */
export interface WalletVisit extends Visit {
  readonly wallet: TestWallet;
  readonly mood: WalletMood;
}

/** Opens a page in a browser that has a wallet, not connected yet. */
export async function visitWithWallet(
  { network, dapp, browser }: Stage,
  path: string,
  { account = BUYER, url = dapp.url, habits = {} }: WalletVisitOptions = {},
): Promise<WalletVisit> {
  const wallet = new TestWallet(network.chain.rpcUrl, network.chain.account(account), { ...habits });
  const mood: WalletMood = { answer: "sign", isAllowed: false };
  const seen = await visit(browser, `${url}/#${path}`, { prepare: (page) => putWallet(page, wallet, mood) });
  return { ...seen, wallet, mood };
}

/** Presses what connects the wallet. */
export async function askToConnect(page: Page): Promise<void> {
  await page.getByRole("banner").getByRole("button", { name: "Connect" }).click();
  await page.getByRole("button", { name: "Test wallet" }).click();
}

/** Opens a page and connects the wallet to it. */
export async function connected(stage: Stage, path: string, options?: WalletVisitOptions): Promise<WalletVisit> {
  const seen = await visitWithWallet(stage, path, options);
  await askToConnect(seen.page);
  await seen.page.getByRole("button", { name: /^Account 0x/ }).waitFor();
  return seen;
}
