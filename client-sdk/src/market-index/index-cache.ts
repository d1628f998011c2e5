/** Where an index keeps what it has read, as text. What it gets back it checks. */
export interface IndexCache {
  /** What was kept last, if anything. */
  load(): Promise<string | undefined>;
  /** Keeps a text in place of the one before. */
  save(text: string): Promise<void>;
}

/**
 * Keeps an index in `localStorage` or `sessionStorage`. Where the browser refuses, for its quota or in private windows, nothing is kept and
 * nothing fails: the next page reads the chain anew.
 */
export function webStorageCache(
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  key = "touchstone-index",
): IndexCache {
  return {
    load: () => Promise.resolve(attempt(() => storage.getItem(key)) ?? undefined),
    save(text) {
      const isKept = attempt(() => storage.setItem(key, text) === undefined);
      if (!isKept) {
        attempt(() => storage.removeItem(key)); // what is there is old, and takes up the quota
      }
      return Promise.resolve();
    },
  };
}

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
