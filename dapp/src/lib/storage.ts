/** What pages use of Web Storage. */
export type PageStorage = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

/** Begins the keys of what can be read again from the chain: the first to go where the storage is full. */
export const CACHE_PREFIX = "touchstone.index.";

/**
 * The browser's storage, but it never throws: what the browser forbids, or has no room for, stays in memory, for as long as the page
 * is open.
 */
export class SafeStorage implements PageStorage {
  readonly #memory = new Map<string, string>();
  readonly #kept: PageStorage | undefined;

  /** @param kept The browser's own; nothing where it is forbidden. */
  constructor(kept: PageStorage | undefined) {
    this.#kept = kept;
  }

  /** Whether anything can outlive the page. */
  get isKept(): boolean {
    return this.#kept !== undefined;
  }

  // No key is in both.
  get length(): number {
    return (this.#kept?.length ?? 0) + this.#memory.size;
  }

  key(index: number): string | null {
    const count = this.#kept?.length ?? 0;
    return (index < count ? this.#kept?.key(index) : [...this.#memory.keys()][index - count]) ?? null;
  }

  getItem(key: string): string | null {
    return this.#memory.get(key) ?? this.#kept?.getItem(key) ?? null;
  }

  setItem(key: string, text: string): void {
    if (this.#keep(key, text) || (this.#makeRoom() && this.#keep(key, text))) {
      this.#memory.delete(key);
    } else {
      this.#kept?.removeItem(key); // it is old: nobody may find it when the page is opened again
      this.#memory.set(key, text);
    }
  }

  removeItem(key: string): void {
    this.#memory.delete(key);
    this.#kept?.removeItem(key);
  }

  #keep(key: string, text: string): boolean {
    const kept = this.#kept;
    return kept !== undefined && attempt(() => kept.setItem(key, text) === undefined) === true;
  }

  #makeRoom(): boolean {
    const kept = this.#kept;
    const keys = Array.from({ length: kept?.length ?? 0 }, (_, index) => kept?.key(index) ?? "");
    const caches = keys.filter((key) => key.startsWith(CACHE_PREFIX));
    for (const key of caches) {
      kept?.removeItem(key);
    }
    return caches.length > 0;
  }
}

/** The browser's storage as it is: throws where it is full. Nothing where it is forbidden. */
export const browserStorage = attempt((): PageStorage | undefined => {
  localStorage.getItem(""); // some browsers refuse at the first use only
  return localStorage;
});

/** What this browser keeps of the pages. */
export const storage = new SafeStorage(browserStorage);

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
