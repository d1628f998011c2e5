import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { expect } from "chai";
import { GatewayError, Refusal } from "../errors.ts";
import { lockFolder } from "./database.ts";
import type { ApiKey, KeyLimits } from "./keys.ts";
import { UNSERVED } from "./spending.ts";
import { openKeys, openStore, type Store } from "./store.ts";

const NOON = 20_000 * 86_400 + 43_200;
const DAY = 86_400;
const LIMITS = { maxFileBytes: 1_000, maxStoreBytes: 1_500 };
const CALL = { route: "chat/completions", model: "storyteller" };
const BOOKED = { ...UNSERVED, servedBy: "market" as const, status: 200, durationMs: 5 };

describe("the gateway's store", () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-gateway-store-"));
    store = await openStore(folder, LIMITS);
  });

  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true });
  });

  const reopen = async () => {
    store.close();
    store = await openStore(folder, LIMITS);
  };
  const newKey = (limits: KeyLimits = {}): ApiKey => store.keys.add("tester", limits, NOON).kept;

  describe("keys", () => {
    it("are found by the whole key alone, and lie nowhere on the disk", async () => {
      const { key, kept } = store.keys.add("tester", { budgetPerDay: 5n, requestsPerMinute: 3 }, NOON);
      expect(store.keys.find(key)).to.deep.equal(kept).and.deep.include({ budgetPerDay: 5n, requestsPerMinute: 3 });
      const last = key.endsWith("0") ? "1" : "0";
      for (const wrong of [
        "",
        key.slice(0, -1),
        `${key.slice(0, -1)}${last}`,
        key.toUpperCase(),
        `sk-ts-${"0".repeat(12)}-${"0".repeat(64)}`,
      ]) {
        expect(store.keys.find(wrong), wrong).to.equal(undefined);
      }
      store.close();
      const secret = key.split("-").at(-1) ?? "";
      for (const name of (await readdir(folder)).filter((one) => one.startsWith("gateway.sqlite"))) {
        expect((await readFile(path.join(folder, name))).includes(secret), name).to.equal(false);
      }
      store = await openStore(folder, LIMITS);
    });

    it("are made and revoked beside a gateway that runs", () => {
      const beside = openKeys(folder);
      const { key, kept } = beside.keys.add("other", {}, NOON);
      expect(store.keys.find(key)?.id).to.equal(kept.id);
      beside.keys.revoke(kept.id, NOON + 1);
      expect(store.keys.find(key)).to.equal(undefined);
      expect(store.keys.get(kept.id)?.revokedAt).to.equal(NOON + 1);
      expect(() => beside.keys.revoke(kept.id, NOON + 2))
        .to.throw(GatewayError)
        .with.property("code", "KEY_UNKNOWN");
      beside.close();
    });
  });

  describe("spending", () => {
    it("never passes a budget, side by side either: what is open counts in full", () => {
      const key = newKey({ budgetTotal: 100n });
      const first = store.spending.open(key, { ...CALL, hold: 60n }, NOON);
      const second = store.spending.open(key, { ...CALL, hold: 60n }, NOON);
      expect([first?.hold, second?.hold]).to.deep.equal([60n, 40n]);
      expect(store.spending.open(key, { ...CALL, hold: 1n }, NOON)).to.equal(undefined);
      store.spending.close(first?.id ?? 0, { ...BOOKED, amount: 10n });
      expect(store.spending.open(key, { ...CALL, hold: 60n }, NOON)?.hold).to.equal(50n);
    });

    it("begins anew each day where the budget is a day's, and never where it is all there is", () => {
      const key = newKey({ budgetPerDay: 10n, budgetTotal: 15n });
      const spend = (hold: bigint, at: number) => {
        const open = store.spending.open(key, { ...CALL, hold }, at);
        store.spending.close(open?.id ?? 0, { ...BOOKED, amount: open?.hold ?? 0n });
        return open?.hold;
      };
      expect([spend(10n, NOON), spend(10n, NOON + 1)]).to.deep.equal([10n, undefined]);
      expect([spend(10n, NOON + DAY), spend(10n, NOON + 2 * DAY)]).to.deep.equal([5n, undefined]);
      expect(store.spending.spent(key.id, NOON + DAY)).to.deep.equal({ day: 5n, total: 15n });
    });

    it("is booked once, however often it is closed", () => {
      const key = newKey();
      const open = store.spending.open(key, { ...CALL, hold: 60n }, NOON);
      store.spending.close(open?.id ?? 0, { ...BOOKED, amount: 10n });
      store.spending.close(open?.id ?? 0, { ...BOOKED, amount: 50n });
      expect(store.spending.spent(key.id, NOON).total).to.equal(10n);
    });

    it("counts what a crash cut off with the most that it may have cost; jobs of batches stay open", async () => {
      const key = newKey({ budgetTotal: 100n });
      store.spending.open(key, { ...CALL, hold: 60n }, NOON);
      const job = store.spending.open(key, { ...CALL, route: "batches", hold: 30n }, NOON);
      await reopen();
      expect(store.spending.closeCutOff()).to.equal(1);
      expect(store.spending.left(key, NOON)).to.equal(10n);
      store.spending.close(job?.id ?? 0, { ...BOOKED, amount: 0n });
      expect(store.spending.left(key, NOON)).to.equal(40n);
    });

    it("stays counted when its rows are forgotten", () => {
      const key = newKey();
      const open = store.spending.open(key, { ...CALL, hold: 2n ** 53n + 1n }, NOON);
      store.spending.close(open?.id ?? 0, { ...BOOKED, amount: 2n ** 53n + 1n });
      expect(store.usage.by("model", { since: 0 })).to.have.length(1);
      expect(store.spending.prune(NOON + 1)).to.equal(1);
      expect(store.usage.by("model", { since: 0 })).to.deep.equal([]);
      expect(store.spending.spent(key.id, NOON).total).to.equal(2n ** 53n + 1n);
    });

    it("is told by key, provider and model, of one key or of all", () => {
      const [mine, other] = [newKey(), newKey()];
      const spend = (key: ApiKey, provider: string, amount: bigint) => {
        const open = store.spending.open(key, { ...CALL, hold: amount }, NOON);
        const tokens = { promptTokens: 3, completionTokens: 4 };
        store.spending.close(open?.id ?? 0, { ...BOOKED, ...tokens, provider, amount, receipt: "checked" });
      };
      spend(mine, "0xa", 5n);
      spend(mine, "0xb", 7n);
      spend(other, "0xb", 9n);
      const all = store.usage.by("provider", { since: 0 });
      expect(all.map(({ of, calls, amount }) => [of, calls, amount])).to.deep.equal([
        ["0xb", 2, "16"],
        ["0xa", 1, "5"],
      ]);
      expect(store.usage.by("model", { since: 0, keyId: mine.id })).to.deep.equal([
        { of: "storyteller", servedBy: "market", calls: 2, promptTokens: 6, completionTokens: 8, amount: "12" },
      ]);
      expect(store.usage.last({ since: 0 }, 2).map(({ provider, amount }) => [provider, amount])).to.deep.equal([
        ["0xb", "9"],
        ["0xb", "7"],
      ]);
    });
  });

  describe("files", () => {
    const save = (keyId: string, text: string) =>
      store.files.save({ keyId, filename: "in.jsonl", purpose: "batch" }, Readable.from([text]), NOON);

    it("come back as they were, to their key alone", async () => {
      const [mine, other] = [newKey(), newKey()];
      const { id, bytes } = await save(mine.id, "a story");
      await reopen();
      expect(bytes).to.equal(7);
      expect((await store.files.read(id)).toString()).to.equal("a story");
      expect(store.files.get(other.id, id)).to.equal(undefined);
      expect(await store.files.delete(other.id, id)).to.equal(false);
      expect(await store.files.delete(mine.id, id)).to.equal(true);
      expect(await readdir(path.join(folder, "files"))).to.deep.equal([]);
    });

    it("are refused above their length and above the room that there is, and leave nothing behind", async () => {
      const { id: keyId } = newKey();
      const codeOf = (length: number) =>
        save(keyId, "x".repeat(length)).then(
          () => "saved",
          (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
        );
      expect(await codeOf(1_001)).to.equal("request_too_large");
      expect(await codeOf(1_000)).to.equal("saved");
      expect(await codeOf(501)).to.equal("storage_full");
      expect(await codeOf(500)).to.equal("saved");
      expect(await readdir(path.join(folder, "files"))).to.have.length(2);
    });

    it("are listed by pages, the newest first", async () => {
      const { id: keyId } = newKey();
      const ids: string[] = [];
      for (const text of ["a", "b", "c"]) {
        ids.unshift((await save(keyId, text)).id);
      }
      const listed = (query: { limit: number; after?: string }) => store.files.list(keyId, query).map(({ id }) => id);
      expect(listed({ limit: 2 })).to.deep.equal(ids.slice(0, 2));
      expect(listed({ limit: 2, after: ids[1] ?? "" })).to.deep.equal(ids.slice(2));
    });

    it("that a crash left half-written are removed", async () => {
      await writeFile(path.join(folder, "files", "file-1.part"), "half");
      await reopen();
      expect(await readdir(path.join(folder, "files"))).to.deep.equal([]);
    });
  });

  it("names its payment channels once, and unlike any other folder", async () => {
    const name = store.channels.name();
    await reopen();
    expect(store.channels.name()).to.equal(name);
    const other = await openStore(path.join(folder, "other"), LIMITS);
    expect(other.channels.name()).to.not.equal(name);
    other.close();
  });

  it("belongs to one gateway at a time", () => {
    const lock = path.join(folder, "gateway.lock");
    const unlock = lockFolder(lock);
    expect(() => lockFolder(lock))
      .to.throw(GatewayError)
      .with.property("code", "STORE_LOCKED");
    unlock();
    lockFolder(lock)();
  });
});
