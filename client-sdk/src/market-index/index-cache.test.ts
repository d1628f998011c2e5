import { expect } from "chai";
import { webStorageCache } from "./index-cache.ts";

/** Storage of a browser that has room for so many characters. */
function storageOf(quota: number) {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > quota) {
        throw new Error("QuotaExceededError");
      }
      kept.set(key, value);
    },
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe("webStorageCache", () => {
  it("gives back what it kept, under its key", async () => {
    const storage = storageOf(10);
    const cache = webStorageCache(storage, "mine");
    expect(await cache.load()).to.equal(undefined);
    await cache.save("text");
    expect(await cache.load()).to.equal("text");
    expect(await webStorageCache(storage, "other").load()).to.equal(undefined);
  });

  it("forgets what is old where there is no room for what is new, and does not fail", async () => {
    const storage = storageOf(10);
    const cache = webStorageCache(storage);
    await cache.save("short");
    await cache.save("much longer than that");
    expect(await cache.load()).to.equal(undefined);
    expect(storage.kept.size).to.equal(0);
  });

  it("does without a storage that the browser forbids", async () => {
    const forbid = () => {
      throw new Error("SecurityError");
    };
    const cache = webStorageCache({ getItem: forbid, setItem: forbid, removeItem: forbid });
    await cache.save("text");
    expect(await cache.load()).to.equal(undefined);
  });
});
