import { expect } from "chai";
import { CACHE_PREFIX, type PageStorage, SafeStorage } from "./storage.ts";

/** Storage with room for so many characters, as browsers have it. */
class SmallStorage implements PageStorage {
  readonly #texts = new Map<string, string>();
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  get length(): number {
    return this.#texts.size;
  }

  key(index: number): string | null {
    return [...this.#texts.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#texts.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    const others = [...this.#texts].filter(([name]) => name !== key).reduce((sum, [, kept]) => sum + kept.length, 0);
    if (others + text.length > this.#room) {
      throw new DOMException("full", "QuotaExceededError");
    }
    this.#texts.set(key, text);
  }

  removeItem(key: string): void {
    this.#texts.delete(key);
  }
}

const keysOf = (storage: PageStorage) => Array.from({ length: storage.length }, (_, index) => storage.key(index));

describe("what a browser keeps of the pages", () => {
  it("is in its storage while there is room, and outlives the page", () => {
    const kept = new SmallStorage(10);
    new SafeStorage(kept).setItem("a", "1");
    const next = new SafeStorage(kept);
    expect([next.isKept, next.getItem("a"), next.getItem("b")]).to.deep.equal([true, "1", null]);
    next.removeItem("a");
    expect(kept.length).to.equal(0);
  });

  it("stays in memory where storage is forbidden", () => {
    const storage = new SafeStorage(undefined);
    storage.setItem("a", "1");
    storage.setItem("b", "2");
    storage.removeItem("a");
    expect([storage.isKept, storage.getItem("a"), storage.getItem("b")]).to.deep.equal([false, null, "2"]);
    expect([...keysOf(storage), storage.key(1)]).to.deep.equal(["b", null]);
  });

  it("stays in memory where there is no room, and no older text is found in its place", () => {
    const kept = new SmallStorage(10);
    const storage = new SafeStorage(kept);
    storage.setItem("big", "12345678");
    storage.setItem("a", "1");
    storage.setItem("a", "1234");
    expect(storage.getItem("a")).to.equal("1234");
    expect(kept.getItem("a")).to.equal(null);
    expect(keysOf(storage)).to.deep.equal(["big", "a"]);
    storage.setItem("a", "2");
    expect(kept.getItem("a")).to.equal("2");
    expect(keysOf(storage)).to.deep.equal(["big", "a"]);
  });

  it("makes room by what can be read from the chain again", () => {
    const kept = new SmallStorage(10);
    const storage = new SafeStorage(kept);
    storage.setItem(`${CACHE_PREFIX}0x1`, "12345678");
    storage.setItem("a", "1234");
    expect(kept.getItem("a")).to.equal("1234");
    expect(keysOf(storage)).to.deep.equal(["a"]);
  });
});
