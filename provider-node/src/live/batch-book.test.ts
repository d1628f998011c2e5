import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Receipt } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { keccak256, numberToHex, zeroHash } from "viem";
import type { StoredBatch } from "../store/batches.ts";
import { openStore, type Store } from "../store/store.ts";
import { BatchBook } from "./batch-book.ts";

const PARTY = numberToHex(1, { size: 20 });
const CHANNEL = keccak256("0x01");
const TTL = 60;
const LIFETIME = 1_000;
const MAX_STORE = 8_000;

const bytesOf = (text: string) => new TextEncoder().encode(text);

const BATCH: StoredBatch = {
  id: "batch_1",
  payment: keccak256("0x02"),
  status: "in_progress",
  inputFileId: "file-1",
  metadata: null,
  counts: { total: 1, completed: 0, failed: 0 },
  usage: { input: 0, output: 0 },
  createdAt: 0,
  expiresAt: 100,
  times: {},
  channelId: CHANNEL,
  seq: "7",
  reserve: "100",
};

describe("the book of batches", () => {
  let dataDir: string;
  let store: Store;
  let now: number;

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), "touchstone-batches-"));
    now = 0;
  });

  afterEach(() => {
    store.close();
    rmSync(dataDir, { recursive: true });
  });

  async function open(): Promise<BatchBook> {
    const identity = { chainId: 1, market: PARTY, provider: PARTY };
    store = await openStore({ ...identity, dataDir, maxBytes: MAX_STORE, minFreeBytes: 0 });
    const receipts = { sign: () => Promise.resolve(numberToHex(9)) };
    const times = { uploadTtlSeconds: TTL, lifetime: LIFETIME, unixTime: () => now };
    return new BatchBook({ store, receipts, maxStoreBytes: MAX_STORE, ...times });
  }

  /** As after a crash that came when the answers were written. */
  async function crash(isCharged: boolean): Promise<BatchBook> {
    const book = await open();
    const finalizing = { ...BATCH, status: "finalizing", outcome: "completed" } as const;
    const { outputFileId } = await book.finalize(finalizing, { output: bytesOf("{}"), errors: bytesOf("") });
    expect(book.file(outputFileId!)?.bytes).to.equal(2);
    if (isCharged) {
      const parties = { provider: PARTY, payer: PARTY, model: zeroHash, channelId: CHANNEL, seq: 7n };
      const counted = { cumulative: 5n, amount: 5n, promptTokens: 1, completionTokens: 1, issuedAt: 0 };
      const receipt: Receipt = { ...parties, ...counted, requestHash: zeroHash, resultRoot: zeroHash };
      const hashes = { outputHash: zeroHash, traceRoot: zeroHash, traceHash: zeroHash };
      await store.commit(() =>
        store.calls.add({ receipt, payment: "5", job: zeroHash, ...hashes, operator: PARTY }, now),
      );
    }
    store.close();
    return await open();
  }

  it("knows a batch that was charged when the node fell, with its receipt", async () => {
    const book = await crash(true);
    const batch = book.batch(BATCH.id)!;
    expect(batch.status).to.equal("completed");
    expect(book.file(batch.outputFileId!)?.purpose).to.equal("batch_output");
    expect((await book.receiptOf(batch))?.receipt.amount).to.equal(5n);
    expect(book.ofPayment(BATCH.payment)?.id).to.equal(BATCH.id);
  });

  it("fails a batch that was not charged: its answers go, and its payment is good again", async () => {
    const book = await crash(false);
    const batch = book.batch(BATCH.id)!;
    expect([batch.status, batch.failure?.code, batch.outputFileId]).to.deep.equal([
      "failed",
      "NODE_STOPPED",
      undefined,
    ]);
    expect([store.files.usedBytes, book.ofPayment(BATCH.payment)]).to.deep.equal([0, undefined]);
  });

  it("keeps uploads for a while and what batches came to for longer, and forgets both", async () => {
    const book = await open();
    const upload = await book.upload({ filename: "in.jsonl", bytes: bytesOf("line") });
    const made = await book.finalize({ ...BATCH, status: "completed" }, { output: bytesOf("x"), errors: bytesOf("y") });
    now = TTL;
    expect([book.file(upload.id), book.file(made.outputFileId!)?.bytes]).to.deep.equal([undefined, 1]);
    book.tidy();
    expect([store.files.usedBytes, store.files.uploadedBytes]).to.deep.equal([2, 0]);
    now = LIFETIME;
    book.tidy();
    expect([store.usedBytes, book.batch(BATCH.id)]).to.deep.equal([0, undefined]);
  });

  it("gives uploads a part of the store, and nothing more than all of it to anybody", async () => {
    const book = await open();
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => "none",
        ({ code }: { readonly code: string }) => code,
      );
    const half = new Uint8Array(MAX_STORE / 16);
    const uploads = [0, 1, 2].map(() => ({ filename: "in.jsonl", bytes: half }));
    const codes = [];
    for (const upload of uploads) {
      codes.push(await codeOf(book.upload(upload)));
    }
    expect(codes).to.deep.equal(["none", "none", "STORE_QUOTA_REACHED"]);
    const made = { output: new Uint8Array(MAX_STORE), errors: new Uint8Array() };
    expect(await codeOf(book.finalize(BATCH, made))).to.equal("STORE_QUOTA_REACHED");
  });
});
