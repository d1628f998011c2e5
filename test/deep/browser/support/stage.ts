import type { Browser } from "playwright-core";
import { type LocalDapp, startDapp } from "../../../../scripts/network/dapp.ts";
import { type LocalNetwork, type NetworkOptions, startNetwork } from "../../../../scripts/network/network.ts";
import { startBrowser } from "./browser.ts";

/** A running network, its pages, and a browser to open them in. */
export interface Stage {
  readonly network: LocalNetwork;
  readonly dapp: LocalDapp;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** @param options How the network differs from the usual one. */
export async function startStage(options?: NetworkOptions): Promise<Stage> {
  const browser = await startBrowser();
  try {
    const network = await startNetwork(() => undefined, options);
    try {
      const dapp = await startDapp(network);
      const close = async () => {
        await browser.close();
        await dapp.close();
        await network.close();
      };
      return { network, dapp, browser, close };
    } catch (error) {
      await network.close();
      throw error;
    }
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The pages, by what follows the hash. */
export const PAGES = ["/", "/jobs", "/jobs/new", "/providers", "/console", "/cases", "/network"] as const;

/** Pages about something that there is not. */
export const MISSING = [
  "/jobs/0x0000000000000000000000000000000000000000000000000000000000000001",
  "/jobs/nonsense",
  "/providers/0x0000000000000000000000000000000000000001",
  "/providers/nonsense",
  "/cases/0x0000000000000000000000000000000000000000000000000000000000000001",
  "/cases/nonsense",
  "/nowhere",
] as const;
