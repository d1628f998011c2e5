import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { numberToHex } from "viem";
import { fileChannelStore, fileReceiptStore } from "./file-stores.ts";
import { memoryReceiptStore } from "./receipt-store.ts";
import { sampleReceipt as kept, sampleRecord as record, SOMEBODY as somebody } from "./store-samples.test.ts";

describe("File stores", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "touchstone-live-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keep the last record of each channel, for another process to find", async () => {
    const file = path.join(folder, "deep", "channels.jsonl");
    const store = fileChannelStore(file, { isSynced: true });
    await store.save(record(1, 1n));
    await store.save(record(2, 5n));
    await store.save({ ...record(1, 2n), dropped: "RECEIPT_AMOUNT" });
    const found = await fileChannelStore(file).load();
    expect(found).to.deep.equal([{ ...record(1, 2n), dropped: "RECEIPT_AMOUNT" }, record(2, 5n)]);
  });

  it("forget only a line that a killed process wrote half", async () => {
    const file = path.join(folder, "channels.jsonl");
    await fileChannelStore(file).save(record(1, 1n));
    appendFileSync(file, '{"channelId":"0x12');
    const store = fileChannelStore(file);
    await store.save(record(1, 3n));
    expect(await fileChannelStore(file).load()).to.deep.equal([record(1, 3n)]);
  });

  it("refuse a file of something else", () => {
    const file = path.join(folder, "channels.jsonl");
    appendFileSync(file, '{"a":1}\n');
    expect(() => fileChannelStore(file))
      .to.throw()
      .with.property("code", "INVALID_DATA");
  });

  it("write a file anew before its stale lines grow without end", async () => {
    const file = path.join(folder, "channels.jsonl");
    const store = fileChannelStore(file);
    for (let call = 1n; call <= 10_010n; call += 1n) {
      await store.save(record(1, call));
    }
    expect(readFileSync(file, "utf8").split("\n").length).to.be.lessThan(20);
    expect(await fileChannelStore(file).load()).to.deep.equal([record(1, 10_010n)]);
  });

  it("keep receipts as they came, the last of each, and find them by what is asked", async () => {
    const fault = { code: "RECEIPT_TIME", message: "late" };
    for (const store of [fileReceiptStore(path.join(folder, "receipts.jsonl")), memoryReceiptStore()]) {
      await store.put(kept(1n));
      await store.put(kept(2n));
      await store.put({ ...kept(1n, [fault]), recheck: "refuted" });
      expect(await store.list()).to.deep.equal([{ ...kept(1n, [fault]), recheck: "refuted" }, kept(2n)]);
      expect(await store.list({ isFaulty: false, provider: somebody })).to.deep.equal([kept(2n)]);
      expect(await store.list({ channelId: numberToHex(9, { size: 32 }) })).to.deep.equal([]);
    }
  });

  it("in memory, let the oldest receipts go", async () => {
    const store = memoryReceiptStore(2);
    for (const seq of [1n, 2n, 3n]) {
      await store.put(kept(seq));
    }
    expect((await store.list()).map(({ digest }) => BigInt(digest))).to.deep.equal([2n, 3n]);
  });
});
