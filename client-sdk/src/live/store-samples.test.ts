// Records and a storage for the tests of stores.
import { getAddress, numberToHex, zeroHash } from "viem";
import type { ChannelRecord } from "./channel-record.ts";
import type { KeptReceipt } from "./receipt-store.ts";
import type { WebStorage } from "./web-stores.ts";

export const SOMEBODY = getAddress(numberToHex(7, { size: 20 }));

const config = {
  ...{ payer: SOMEBODY, payerAuthorizer: SOMEBODY, receiver: SOMEBODY, receiverAuthorizer: SOMEBODY },
  ...{ token: SOMEBODY, withdrawDelay: 86_400, salt: zeroHash },
};

/** The record of a channel with this number. */
export function sampleRecord(channel: number, charged: bigint): ChannelRecord {
  const money = { deposited: 10n ** 20n, charged, doubt: 0n, signed: charged, isUnsure: false, dropped: undefined };
  return { channelId: numberToHex(channel, { size: 32 }), chainId: 1, provider: SOMEBODY, config, ...money };
}

/** The receipt of a call with this number. */
export function sampleReceipt(seq: bigint, faults: KeptReceipt["faults"] = []): KeptReceipt {
  const parties = { provider: SOMEBODY, payer: SOMEBODY, model: zeroHash, channelId: zeroHash };
  const counts = { promptTokens: 1, completionTokens: 1, amount: 2n, issuedAt: 3 };
  const receipt = { ...parties, seq, cumulative: seq, requestHash: zeroHash, resultRoot: zeroHash, ...counts };
  const envelope = {
    receipt,
    operator: SOMEBODY,
    signature: "0x12",
    outputHash: zeroHash,
    traceRoot: zeroHash,
  } as const;
  const digest = numberToHex(seq, { size: 32 });
  const bytes = { request: Uint8Array.of(1, 2), output: Uint8Array.of(3) };
  return { digest, job: digest, envelope, endpoint: "http://x", ...bytes, receivedAt: 9, faults, recheck: undefined };
}

/** `localStorage`, with room for so many characters; its keys come in no order. */
export class RoomyStorage implements WebStorage {
  readonly values = new Map<string, string>();
  room: number;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.room = room;
  }

  get length(): number {
    return this.values.size;
  }

  get used(): number {
    return [...this.values].reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  }

  key(index: number): string | null {
    return [...this.values.keys()].reverse()[index] ?? null;
  }

  getItem(name: string): string | null {
    return this.values.get(name) ?? null;
  }

  setItem(name: string, text: string): void {
    const before = this.values.get(name);
    const more = text.length + (before === undefined ? name.length : -before.length);
    if (this.used + more > this.room) {
      throw new DOMException("full", "QuotaExceededError");
    }
    this.values.set(name, text);
  }

  removeItem(name: string): void {
    this.values.delete(name);
  }
}
