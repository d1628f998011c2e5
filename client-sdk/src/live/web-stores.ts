import type { LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { isHex } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import { parseJson } from "../protocol/canonical.ts";
import { type ChannelStore, decodeChannelRecord, encodeChannelRecord } from "./channel-record.ts";
import { LiveError } from "./live-error.ts";
import { decodeKeptReceipt, encodeKeptReceipt, fits, type KeptReceipt, type ReceiptStore } from "./receipt-store.ts";

/** What is used of the Web Storage interface, such as `localStorage`. */
export type WebStorage = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

/** What is used of Web Locks, such as `navigator.locks`. */
export type WebLocks = Pick<LockManager, "request">;

/** How a store of channels is shared. */
export interface WebChannelStoreOptions {
  /** Default: `navigator.locks`, which pages of https and of localhost have. */
  readonly locks?: WebLocks | undefined;
  /** Takes the store away from the page that has it. Its calls in flight count as spent; what it then buys fails. Default: no. */
  readonly isTakenOver?: boolean | undefined;
}

/**
 * Keeps channels in Web Storage, each under a key of its own. One page at a time has them, by a lock from `load` until `close` or
 * the end of the page: two that sign for one channel would each take the other's calls for its provider's lies.
 *
 * @param key Begins the keys of the storage. It should name chain and account, which have channels of their own.
 * @returns `load` and `save` reject with a LiveError: `STORE_BUSY` while another page has the store, `STORE_FAILED` where there are
 *   no locks or the storage is full; `load` with `INVALID_DATA` for a record that cannot be read, as money may be in it.
 */
export function webChannelStore(storage: WebStorage, key: string, options: WebChannelStoreOptions = {}): ChannelStore {
  const { locks = globalThis.navigator?.locks, isTakenOver = false } = options;
  const prefix = `${key}/channel/`;
  let hold: Hold | undefined;
  return {
    async load() {
      hold = hold?.isLost === false ? hold : await takeHold(locks, prefix, isTakenOver);
      return keysOf(storage, prefix).map((name) => decodeChannelRecord(parseJson(storage.getItem(name) ?? "")));
    },
    save: (record) =>
      promised(() => {
        if (hold === undefined || hold.isLost) {
          throw busy("Another page took the channels over, or this client was closed: make another client.");
        }
        keepOrThrow(storage, `${prefix}${record.channelId}`, encodeChannelRecord(record));
      }),
    close() {
      hold?.release();
      hold = undefined;
    },
  };
}

/** Receipts that a page keeps by default; the oldest go first. */
const DEFAULT_LIMIT = 200;

/**
 * Keeps the latest receipts in Web Storage, each under a key of its own. Where the storage is full, the older half goes, so that there
 * is room for channels; what cannot be read is passed over.
 *
 * @param key Begins the keys of the storage.
 * @returns `put` rejects with a LiveError `STORE_FAILED` where the storage has no room for even one.
 */
export function webReceiptStore(
  storage: WebStorage,
  key: string,
  { limit = DEFAULT_LIMIT }: { readonly limit?: number | undefined } = {},
): ReceiptStore {
  const prefix = `${key}/receipt/`;
  return {
    put: (kept) =>
      promised(() => {
        const names = keysOf(storage, prefix);
        const same = names.find((name) => name.endsWith(kept.digest));
        const others = names.filter((name) => name !== same);
        removeAll(storage, others.splice(0, Math.max(0, others.length + 1 - limit)));
        const text = encodeKeptReceipt(kept);
        const name = same ?? `${prefix}${placeOf(kept)}/${kept.digest}`;
        while (others.length > 0 && !tryKeep(storage, name, text)) {
          removeAll(storage, others.splice(0, Math.ceil(others.length / 2)));
        }
        keepOrThrow(storage, name, text);
      }),
    list: (criteria = {}) =>
      promised(() => {
        const all = keysOf(storage, prefix).flatMap((name) => readReceipt(storage.getItem(name)));
        return all.filter((kept) => fits(kept, criteria));
      }),
  };
}

/**
 * The session key of a page: the one that the storage has, or a new one that it is given. Whoever reads the storage can spend what
 * lies in the channels of this key, with their providers, and nothing else.
 *
 * @throws LiveError `STORE_FAILED` where the storage does not take it. InvalidDataError where there is something else.
 */
export function webVoucherSigner(storage: WebStorage, key: string): LocalAccount {
  const name = `${key}/voucher-signer`;
  const kept = storage.getItem(name);
  if (kept !== null && (!isHex(kept) || kept.length !== 66)) {
    throw new InvalidDataError("session key", ["all: must be 32 bytes in hex"]);
  }
  const privateKey = kept ?? generatePrivateKey();
  keepOrThrow(storage, name, privateKey);
  return privateKeyToAccount(privateKey);
}

/** A lock that is held until it is released, or taken away. */
interface Hold {
  isLost: boolean;
  release(): void;
}

function takeHold(locks: WebLocks | undefined, name: string, isTakenOver: boolean): Promise<Hold> {
  const { promise, resolve, reject } = Promise.withResolvers<Hold>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const hold: Hold = { isLost: false, release };
  if (locks === undefined) {
    const sentence =
      "This page has no Web Locks, so two of them could pay from one channel: serve it by https, or from localhost.";
    throw new LiveError("STORE_FAILED", sentence);
  }
  const how = isTakenOver ? { steal: true } : { ifAvailable: true };
  locks
    .request(name, how, (lock) => {
      if (lock === null) {
        reject(busy("Another page of this browser is buying with these channels: close it, or take them over."));
        return undefined;
      }
      resolve(hold);
      return released;
    })
    .catch((cause: unknown) => {
      hold.isLost = true;
      reject(new LiveError("STORE_FAILED", "The browser did not lock the channels for this page.", { cause }));
    });
  return promise;
}

function busy(sentence: string): LiveError {
  return new LiveError("STORE_BUSY", sentence);
}

/** The keys that begin so, in order. */
function keysOf(storage: WebStorage, prefix: string): string[] {
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  return names
    .filter((name) => name !== null)
    .filter((name) => name.startsWith(prefix))
    .sort();
}

/** Sorts receipts as they came. */
function placeOf({ receivedAt, envelope }: KeptReceipt): string {
  return `${receivedAt.toString().padStart(12, "0")}/${envelope.receipt.seq.toString().padStart(20, "0")}`;
}

function readReceipt(text: string | null): readonly KeptReceipt[] {
  try {
    return [decodeKeptReceipt(parseJson(text ?? ""))];
  } catch (error) {
    if (error instanceof InvalidDataError) {
      return [];
    }
    throw error;
  }
}

function removeAll(storage: WebStorage, names: readonly string[]): void {
  for (const name of names) {
    storage.removeItem(name);
  }
}

/** Throws a LiveError `STORE_FAILED` where the storage does not take it. */
function keepOrThrow(storage: WebStorage, name: string, text: string): void {
  try {
    storage.setItem(name, text);
  } catch (cause) {
    throw new LiveError("STORE_FAILED", "The browser keeps no more data of this page: free some.", { cause });
  }
}

function tryKeep(storage: WebStorage, name: string, text: string): boolean {
  try {
    storage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** What work gives or throws, as a promise. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
