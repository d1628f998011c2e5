import type { Page } from "playwright-core";

/** Makes a browser of those that forbid pages to keep anything: each touch of storage throws, and locks are denied, too. */
export async function forbidStorage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const deny = (): never => {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get: deny });
    }
    Object.defineProperty(navigator, "locks", { value: { request: async () => deny() } });
  });
}

/** Fills the storage of the pages to the last character. */
export async function fillStorage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (let size = 2 ** 23; size >= 1; ) {
      try {
        localStorage.setItem(`filler ${size} ${localStorage.length}`, "x".repeat(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  });
}
