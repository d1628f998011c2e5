import { randomBytes } from "node:crypto";
import type { ReceiptEnvelope } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { NodeError } from "../errors.ts";
import type { BatchStatus, StoredBatch } from "../store/batches.ts";
import { isOver } from "../store/batches.ts";
import type { NewFile, StoredFile } from "../store/files.ts";
import type { Store } from "../store/store.ts";
import { envelopeOf, type Receipts } from "./receipts.ts";

/** What a book of batches works with. */
export interface BatchBookOptions {
  readonly store: Store;
  readonly receipts: Pick<Receipts, "sign">;
  /** How long an upload is kept, seconds. */
  readonly uploadTtlSeconds: number;
  /** How long what a batch came to is kept, seconds: as long as its receipt lives. */
  readonly lifetime: number;
  /** Most bytes of all that is kept for others. */
  readonly maxStoreBytes: number;
  /** Unix seconds of this machine. */
  readonly unixTime: () => number;
}

/** Uploads are free, so they get this part of the store at most. */
const UPLOAD_SHARE = 8;

/** Files and batches, and how long each is kept. Nobody has an account here: ids are secrets of 128 random bits. */
export class BatchBook {
  readonly #options: BatchBookOptions;

  /** What ran when the node last stopped has failed, unless it was charged already. */
  constructor(options: BatchBookOptions) {
    this.#options = options;
    const { store } = options;
    store.transaction(() => {
      for (const batch of store.batches.open()) {
        this.#recover(batch);
      }
    });
  }

  now(): number {
    return this.#options.unixTime();
  }

  /**
   * Keeps an upload for a while.
   *
   * @throws NodeError `STORE_QUOTA_REACHED` or `DISK_FULL`.
   */
  async upload({ filename, bytes }: Pick<NewFile, "filename" | "bytes">): Promise<StoredFile> {
    const { store, uploadTtlSeconds, maxStoreBytes } = this.#options;
    await this.#ensureRoom(bytes.length);
    if (store.files.uploadedBytes + bytes.length > maxStoreBytes / UPLOAD_SHARE) {
      throw quotaReached("Uploads take as much of the node's store as they may. Ask again later.");
    }
    const file = this.#newFile("batch", filename, bytes, uploadTtlSeconds);
    await store.commit(() => store.files.add(file));
    return { ...file, bytes: bytes.length, measure: undefined };
  }

  file(id: string): StoredFile | undefined {
    return this.#options.store.files.get(id, this.now());
  }

  content(id: string): Uint8Array {
    return this.#options.store.files.content(id);
  }

  setMeasure: Store["files"]["setMeasure"] = (id, measure) => this.#options.store.files.setMeasure(id, measure);

  deleteFile(id: string): Promise<void> {
    const { store } = this.#options;
    return store.commit(() => store.files.delete(id));
  }

  batch(id: string): StoredBatch | undefined {
    return this.#options.store.batches.get(id);
  }

  /** The batch that a payment has bought, unless it failed. */
  ofPayment(payment: Hex): StoredBatch | undefined {
    return this.#options.store.batches.ofPayment(payment);
  }

  /** Writes a batch as it is now. */
  write(batch: StoredBatch): Promise<void> {
    return this.#options.store.commit(() => this.#put(batch));
  }

  /**
   * Writes what a batch came to; it is charged next. Empty files are left out.
   *
   * @throws NodeError `STORE_QUOTA_REACHED` or `DISK_FULL`.
   */
  async finalize(batch: StoredBatch, made: { output: Uint8Array; errors: Uint8Array }): Promise<StoredBatch> {
    const { store, lifetime } = this.#options;
    await this.#ensureRoom(made.output.length + made.errors.length);
    const fileOf = (bytes: Uint8Array, name: string) =>
      bytes.length === 0 ? undefined : this.#newFile("batch_output", `${batch.id}_${name}.jsonl`, bytes, lifetime);
    const [output, errors] = [fileOf(made.output, "output"), fileOf(made.errors, "error")];
    const done: StoredBatch = {
      ...batch,
      ...(output && { outputFileId: output.id }),
      ...(errors && { errorFileId: errors.id }),
    };
    await store.commit(() => {
      for (const file of [output, errors]) {
        file && store.files.add(file);
      }
      this.#put(done);
    });
    return done;
  }

  /** The receipt of a batch that was charged. */
  async receiptOf({ channelId, seq }: StoredBatch): Promise<ReceiptEnvelope | undefined> {
    const { store, receipts } = this.#options;
    const row = store.calls.get(channelId, BigInt(seq));
    return row && envelopeOf(row, row.signature ?? (await receipts.sign(row.receipt)), undefined);
  }

  /** Forgets what nobody may ask for any more. */
  tidy(): void {
    const { store } = this.#options;
    store.transaction(() => {
      store.files.prune(this.now());
      store.batches.prune(this.now());
    });
  }

  #recover(batch: StoredBatch): void {
    const { store } = this.#options;
    const { outcome, channelId, seq, outputFileId, errorFileId } = batch;
    const isCharged = store.calls.get(channelId, BigInt(seq)) !== undefined;
    if (isCharged && outcome !== undefined) {
      this.#put(changed(batch, outcome, this.now()));
      return;
    }
    for (const id of [outputFileId, errorFileId]) {
      id !== undefined && store.files.delete(id);
    }
    const message = "The node stopped before the batch was done. Nothing was charged; the same payment is good again.";
    this.#put(failed(batch, { code: "NODE_STOPPED", message }, this.now()));
  }

  #put(batch: StoredBatch): void {
    const { store, lifetime } = this.#options;
    store.batches.put(batch, (isOver(batch) ? this.now() : batch.expiresAt) + lifetime);
  }

  #newFile(purpose: NewFile["purpose"], filename: string, bytes: Uint8Array, seconds: number): NewFile {
    const createdAt = this.now();
    return { id: secretId("file-"), purpose, filename, bytes, createdAt, expiresAt: createdAt + seconds };
  }

  async #ensureRoom(bytes: number): Promise<void> {
    const { store, maxStoreBytes } = this.#options;
    await store.blobs.ensureRoom(bytes);
    if (store.usedBytes + bytes > maxStoreBytes) {
      throw quotaReached("The node stores as much as it may. Ask another provider, or later.");
    }
  }
}

/** An id that nobody guesses: 128 random bits after what it names. */
export function secretId(prefix: string): string {
  return prefix + randomBytes(16).toString("hex");
}

/** A batch that has come to another status. */
export function changed(batch: StoredBatch, status: BatchStatus, now: number): StoredBatch {
  return { ...batch, status, times: { ...batch.times, [status]: now } };
}

/** A batch that failed, and cost nothing. */
export function failed(
  { outputFileId: _, errorFileId: __, ...batch }: StoredBatch,
  failure: NonNullable<StoredBatch["failure"]>,
  now: number,
): StoredBatch {
  return changed({ ...batch, failure }, "failed", now);
}

function quotaReached(sentence: string): NodeError {
  return new NodeError("STORE_QUOTA_REACHED", sentence);
}
