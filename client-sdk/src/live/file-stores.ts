import { closeSync, fsync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Hex } from "viem";
import { parseJson } from "../protocol/canonical.ts";
import { type ChannelRecord, type ChannelStore, decodeChannelRecord, encodeChannelRecord } from "./channel-record.ts";
import { decodeKeptReceipt, encodeKeptReceipt, fits, type KeptReceipt, type ReceiptStore } from "./receipt-store.ts";

/** Lines that a file of channels may have beyond one for each channel, before it is written anew. */
const MOST_STALE_LINES = 10_000;

/** Only for who keeps them: what was asked is in it. */
const MODE = 0o600;

/**
 * Keeps channels in a file of JSON lines, the last of each channel counting. For one process alone.
 *
 * @param options `isSynced`: waits for the disk at every call, which takes milliseconds. Without it a line is with the operating
 *   system before a voucher leaves, so that a killed process forgets nothing; a machine without power may.
 * @throws InvalidDataError for a file of something else.
 */
export function fileChannelStore(
  file: string,
  { isSynced = false }: { readonly isSynced?: boolean } = {},
): ChannelStore {
  const lines = new LineFile(file);
  const values = lines.read().map(decodeChannelRecord);
  const latest = new Map<Hex, ChannelRecord>(values.map((record) => [record.channelId, record]));
  let count = values.length;
  return {
    load: () => Promise.resolve([...latest.values()]),
    async save(record) {
      latest.set(record.channelId, record);
      count += 1;
      if (count > latest.size + MOST_STALE_LINES) {
        lines.replace([...latest.values()].map(encodeChannelRecord));
        count = latest.size;
        return;
      }
      lines.append(encodeChannelRecord(record));
      if (isSynced) {
        await lines.sync();
      }
    },
  };
}

/** Keeps receipts in a file of JSON lines, the last of each counting. It only grows: delete it when its receipts are old. */
export function fileReceiptStore(file: string): ReceiptStore {
  const lines = new LineFile(file);
  return {
    put(kept) {
      lines.append(encodeKeptReceipt(kept));
      return Promise.resolve();
    },
    list(criteria = {}) {
      const latest = new Map<Hex, KeptReceipt>(
        lines
          .read()
          .map(decodeKeptReceipt)
          .map((kept) => [kept.digest, kept]),
      );
      return Promise.resolve([...latest.values()].filter((kept) => fits(kept, criteria)));
    },
  };
}

/** A file to which lines of JSON are appended. */
class LineFile {
  readonly #file: string;
  #descriptor: number;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, "a", MODE);
    const text = readFileSync(file, "utf8");
    if (text !== "" && !text.endsWith("\n")) {
      writeSync(this.#descriptor, "\n"); // a process was killed amid a line, which never counted
    }
  }

  read(): unknown[] {
    const values = readFileSync(this.#file, "utf8").split("\n").map(parseJson);
    return values.filter((value) => value !== undefined);
  }

  append(line: string): void {
    writeSync(this.#descriptor, `${line}\n`);
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fsync(this.#descriptor, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Puts other lines in place of all, at once or not at all. */
  replace(lines: readonly string[]): void {
    const fresh = `${this.#file}.new`;
    writeFileSync(fresh, lines.map((line) => `${line}\n`).join(""), { mode: MODE, flush: true });
    renameSync(fresh, this.#file);
    closeSync(this.#descriptor);
    this.#descriptor = openSync(this.#file, "a", MODE);
  }
}
