import { expect } from "chai";
import { parseJson } from "../protocol/canonical.ts";
import { LiveError } from "./live-error.ts";
import { RoomyStorage, SOMEBODY, sampleReceipt, sampleRecord } from "./store-samples.test.ts";
import { webChannelStore, webReceiptStore, webVoucherSigner } from "./web-stores.ts";

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error as LiveError).code,
  );

/** Lets locks settle. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("channels in web storage", () => {
  it("are found by the next page, each as it was last", async () => {
    const storage = new RoomyStorage();
    storage.setItem("of something else", "x");
    const store = webChannelStore(storage, "a");
    expect(await store.load()).to.deep.equal([]);
    await store.save(sampleRecord(2, 5n));
    await store.save(sampleRecord(1, 1n));
    await store.save({ ...sampleRecord(1, 2n), dropped: "RECEIPT_AMOUNT" });
    await store.close?.();
    await turn();
    const next = webChannelStore(storage, "a");
    expect(await next.load()).to.deep.equal([
      { ...sampleRecord(1, 2n), dropped: "RECEIPT_AMOUNT" },
      sampleRecord(2, 5n),
    ]);
    expect(await next.load()).to.have.length(2); // as a client does that begins anew
    await next.close?.();
  });

  it("are one page's at a time, and another's after it", async () => {
    const storage = new RoomyStorage();
    const [first, second, other] = [1, 2, 3].map((n) => webChannelStore(storage, n === 3 ? "c" : "b"));
    await first?.load();
    expect(await codeOf(second?.load() as Promise<unknown>)).to.equal("STORE_BUSY");
    expect(await codeOf(second?.save(sampleRecord(1, 1n)) as Promise<unknown>)).to.equal("STORE_BUSY");
    expect(await other?.load()).to.deep.equal([]);
    await first?.close?.();
    await turn();
    expect(await second?.load()).to.deep.equal([]);
    expect(await codeOf(first?.save(sampleRecord(1, 1n)) as Promise<unknown>)).to.equal("STORE_BUSY");
    await second?.close?.();
    await other?.close?.();
  });

  it("can be taken over, and then nobody else signs for them", async () => {
    const storage = new RoomyStorage();
    const [first, second] = [false, true].map((isTakenOver) => webChannelStore(storage, "d", { isTakenOver }));
    await first?.load();
    await first?.save(sampleRecord(1, 1n));
    expect(await second?.load()).to.deep.equal([sampleRecord(1, 1n)]);
    await turn();
    expect(await codeOf(first?.save(sampleRecord(1, 2n)) as Promise<unknown>)).to.equal("STORE_BUSY");
    await second?.save(sampleRecord(1, 3n));
    expect(await codeOf(first?.load() as Promise<unknown>)).to.equal("STORE_BUSY");
    await second?.close?.();
  });

  it("are refused where pages cannot keep apart", async () => {
    const locks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) } as never;
    expect(await codeOf(webChannelStore(new RoomyStorage(), "e", { locks }).load())).to.equal("STORE_FAILED");
  });

  it("say it where they cannot be kept, or not be read, and lose nothing", async () => {
    const storage = new RoomyStorage(1_500);
    const store = webChannelStore(storage, "f");
    await store.load();
    await store.save(sampleRecord(1, 1n));
    expect(await codeOf(store.save({ ...sampleRecord(1, 2n), dropped: "x".repeat(1_500) }))).to.equal("STORE_FAILED");
    expect(await store.load()).to.deep.equal([sampleRecord(1, 1n)]);
    const [name = ""] = storage.values.keys();
    storage.values.set(name, "{}");
    expect(await codeOf(store.load())).to.equal("INVALID_DATA");
    await store.close?.();
  });
});

describe("receipts in web storage", () => {
  const numbers = async (store: ReturnType<typeof webReceiptStore>) =>
    (await store.list()).map(({ digest }) => Number(digest));

  it("come as they came, the last of each, and are found by what is asked", async () => {
    const storage = new RoomyStorage();
    const store = webReceiptStore(storage, "a");
    const fault = { code: "RECEIPT_TIME", message: "late" };
    await store.put(sampleReceipt(10n));
    await store.put(sampleReceipt(9n));
    await store.put({ ...sampleReceipt(1n), receivedAt: 100 });
    await store.put({ ...sampleReceipt(10n, [fault]), receivedAt: 11, recheck: "refuted" });
    expect(await numbers(webReceiptStore(storage, "a"))).to.deep.equal([9, 10, 1]);
    const faulty = { ...sampleReceipt(10n, [fault]), receivedAt: 11, recheck: "refuted" };
    expect(await store.list({ isFaulty: true, provider: SOMEBODY })).to.deep.equal([faulty]);
    expect(await webReceiptStore(storage, "b").list()).to.deep.equal([]);
  });

  it("are no more than the limit", async () => {
    const store = webReceiptStore(new RoomyStorage(), "a", { limit: 2 });
    for (const seq of [1n, 2n, 3n, 3n]) {
      await store.put(sampleReceipt(seq));
    }
    expect(await numbers(store)).to.deep.equal([2, 3]);
  });

  it("make room where the storage is full, the oldest first, and leave what is another's", async () => {
    const storage = new RoomyStorage();
    const store = webReceiptStore(storage, "a");
    storage.setItem("a/channel/1", "money");
    for (const seq of [1n, 2n, 3n, 4n]) {
      await store.put(sampleReceipt(seq));
    }
    storage.room = storage.used;
    await store.put(sampleReceipt(5n));
    expect(await numbers(store)).to.deep.equal([3, 4, 5]);
    expect(storage.getItem("a/channel/1")).to.equal("money");
    storage.room = 100;
    expect(await codeOf(store.put(sampleReceipt(6n)))).to.equal("STORE_FAILED");
  });

  it("pass over what cannot be read", async () => {
    const storage = new RoomyStorage();
    const store = webReceiptStore(storage, "a");
    await store.put(sampleReceipt(1n));
    storage.setItem("a/receipt/0", "{");
    expect(await numbers(store)).to.deep.equal([1]);
    expect(parseJson(storage.getItem("a/receipt/0") ?? "")).to.equal(undefined);
  });
});

describe("the session key of a page", () => {
  it("is the same after a reload, and another in another storage", () => {
    const storage = new RoomyStorage();
    const { address } = webVoucherSigner(storage, "a");
    expect(webVoucherSigner(storage, "a").address).to.equal(address);
    expect(webVoucherSigner(new RoomyStorage(), "a").address).to.not.equal(address);
  });

  it("is not made where it could not be kept, nor taken for what it is not", () => {
    expect(() => webVoucherSigner(new RoomyStorage(10), "a"))
      .to.throw(LiveError)
      .with.property("code", "STORE_FAILED");
    const storage = new RoomyStorage();
    storage.setItem("a/voucher-signer", "0x12");
    expect(() => webVoucherSigner(storage, "a"))
      .to.throw()
      .with.property("code", "INVALID_DATA");
  });
});
