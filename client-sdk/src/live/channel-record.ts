import type { Address, Hex } from "viem";
import * as z from "zod";
import { addressField, hashField } from "../protocol/fields.ts";
import { parseAs } from "../protocol/parse-as.ts";
import type { ChannelConfig } from "../protocol/x402.ts";
import { channelConfigSchema, uint128Field } from "../protocol/x402-wire.ts";

/** A payment channel as it is kept: written before anything signed leaves, so that a crash never makes it forget. */
export interface ChannelRecord {
  readonly channelId: Hex;
  readonly chainId: number;
  readonly provider: Address;
  readonly config: ChannelConfig;
  /** Put in, less what came back. Token units, as all amounts here. */
  readonly deposited: bigint;
  /** Charged, by receipts that hold or by claims that fit. */
  readonly charged: bigint;
  /** What calls whose end is unknown may have cost. */
  readonly doubt: bigint;
  /** The highest voucher ever signed. */
  readonly signed: bigint;
  /** Whether a deposit was signed of which nobody knows whether it arrived: the chain must say. */
  readonly isUnsure: boolean;
  /** Why nothing is bought of the provider any more. */
  readonly dropped: string | undefined;
}

const amount = uint128Field.transform(BigInt);

const recordSchema = z.object({
  channelId: hashField,
  chainId: z.int().positive(),
  provider: addressField,
  config: channelConfigSchema,
  deposited: amount,
  charged: amount,
  doubt: amount,
  signed: amount,
  isUnsure: z.boolean(),
  dropped: z.string().optional(),
});

/** A record as one line of JSON. */
export function encodeChannelRecord(record: ChannelRecord): string {
  return JSON.stringify(record, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** The record behind its JSON, parsed. Throws `INVALID_DATA` for anything else. */
export function decodeChannelRecord(value: unknown): ChannelRecord {
  const { dropped, ...rest } = parseAs(recordSchema, value, "channel record");
  return { ...rest, dropped };
}

/** Where channels are kept. Without it lasting, deposits that a process forgot come back only by a withdrawal. */
export interface ChannelStore {
  /** All channels of the payer, once at the start. */
  load(): Promise<readonly ChannelRecord[]>;
  /** Keeps a record in place of the former one of its channel. Nothing leaves before this resolves. */
  save(record: ChannelRecord): Promise<void>;
  /** Told when nothing more is bought with the channels: another may use the store now. */
  close?(): void | Promise<void>;
}

/** Keeps channels while the process lives. */
export function memoryChannelStore(): ChannelStore {
  const records = new Map<Hex, ChannelRecord>();
  return {
    load: () => Promise.resolve([...records.values()]),
    save(record) {
      records.set(record.channelId, record);
      return Promise.resolve();
    },
  };
}
