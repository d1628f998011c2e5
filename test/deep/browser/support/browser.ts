import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Chromium may be; `CHROMIUM` in the environment comes first. */
const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts a real Chromium. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    throw new Error("These tests need Chromium: `apt-get install chromium`, or name it in the variable CHROMIUM.");
  }
  return await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What broke in the page without anybody catching it. */
  readonly failures: readonly string[];
}

export interface VisitOptions {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  /** Called before the page is opened: puts wallets into it, cuts servers off. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

const HEIGHT = 900;
const USUAL_WIDTH = 1_280;

/** Opens a page as a new visitor would: nothing stored, nothing connected. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { colorScheme = "light", width = USUAL_WIDTH, prepare } = options;
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: HEIGHT },
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const failures: string[] = [];
  page.on("pageerror", ({ message }) => failures.push(message));
  await prepare?.(page);
  await page.goto(url);
  return { context, page, failures };
}

/** Words of a page that are meant for programmers. */
const TRACE = /\bat .+\(.+:\d+:\d+\)|TypeError|undefined is not|\[object Object\]|NaN/;

/** What no visitor should ever see: nothing at all, or the insides of a program. */
export async function blemishesOf({ page, failures }: Visit): Promise<readonly string[]> {
  // biome-ignore lint/performance/useDomNodeTextContent: only what is visible counts
  const text = (await page.locator("body").innerText()).trim();
  const found = [...failures.map((failure) => `it threw: ${failure}`)];
  if (text.length < 40) {
    found.push(`it is blank: “${text}”`);
  }
  const trace = TRACE.exec(text);
  if (trace !== null) {
    found.push(`it shows “${trace[0]}”`);
  }
  return found;
}

/** By how many pixels the page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
