import type { ChannelConfig } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Database } from "./database.ts";
import type { ChannelsTable } from "./tables.ts";

/** How the chain says that a channel stands. */
export interface ChannelOnChain {
  /** All that was paid in and not given back, claimed or not. Token units. */
  readonly balance: bigint;
  /** Token units. */
  readonly claimed: bigint;
  /** Unix seconds at which the payer asked for its money; zero: it did not. */
  readonly withdrawalAt: number;
  /** How many refunds it had. */
  readonly refundNonce: bigint;
}

/** A refund that was begun. */
export interface ChannelRefund {
  /** Token units. */
  readonly amount: bigint;
  /** The channel's `refundNonce` when it began: by it the chain takes it once. */
  readonly nonce: bigint;
}

/** A payment channel as the node keeps it. */
export interface ChannelRow extends ChannelOnChain {
  readonly id: Hex;
  readonly config: ChannelConfig;
  /** All that calls were charged. Token units. */
  readonly charged: bigint;
  /** Of the highest voucher. Token units. */
  readonly ceiling: bigint;
  /** The payer's, over the highest voucher; `0x` before there is one. */
  readonly signature: Hex;
  /** Numbers of calls up to this one may have been given out. */
  readonly reservedSeq: number;
  /** What is under way. */
  readonly refund: ChannelRefund | undefined;
  /** Unix seconds of the oldest charge that is not claimed. */
  readonly unclaimedSince: number | undefined;
  /** Vouchers up to this one count as used: the rows of their calls may be pruned. */
  readonly floor: bigint;
}

/** What a node writes of a channel. */
export type NewChannel = Omit<ChannelRow, "floor">;

/** Payment channels by their id. */
export class Channels {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(id: Hex): ChannelRow | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("channels").selectAll().where("id", "=", id));
    return row && fromTable(row);
  }

  /** Writes a channel as it is now. */
  put(channel: NewChannel): void {
    const { query } = this.#database;
    const { id, ...rest } = toTable(channel);
    this.#database.run(
      query
        .insertInto("channels")
        .values({ id, ...rest, floor: "0" })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(rest)),
    );
  }

  /** Channels with charges that are not claimed, the oldest first. */
  unclaimed(): ChannelRow[] {
    const { query } = this.#database;
    const open = query.selectFrom("channels").selectAll().where("unclaimed_since", "is not", null);
    return this.#database.all(open.orderBy("unclaimed_since")).map(fromTable);
  }

  /** Channels of which a refund is under way. */
  refunding(): ChannelRow[] {
    const { query } = this.#database;
    return this.#database.all(query.selectFrom("channels").selectAll().where("refund", "is not", null)).map(fromTable);
  }
}

function toTable(channel: NewChannel): Omit<ChannelsTable, "floor"> {
  return {
    id: channel.id,
    config: JSON.stringify(channel.config),
    charged: channel.charged.toString(),
    ceiling: channel.ceiling.toString(),
    signature: channel.signature,
    reserved_seq: channel.reservedSeq,
    balance: channel.balance.toString(),
    claimed: channel.claimed.toString(),
    withdrawal_at: channel.withdrawalAt,
    refund_nonce: channel.refundNonce.toString(),
    refund: channel.refund === undefined ? null : `${channel.refund.amount}/${channel.refund.nonce}`,
    unclaimed_since: channel.unclaimedSince ?? null,
  };
}

function fromTable(row: ChannelsTable): ChannelRow {
  return {
    id: row.id as Hex,
    config: JSON.parse(row.config) as ChannelConfig,
    charged: BigInt(row.charged),
    ceiling: BigInt(row.ceiling),
    signature: row.signature as Hex,
    floor: BigInt(row.floor),
    reservedSeq: row.reserved_seq,
    balance: BigInt(row.balance),
    claimed: BigInt(row.claimed),
    withdrawalAt: row.withdrawal_at,
    refundNonce: BigInt(row.refund_nonce),
    refund: refundFrom(row.refund),
    unclaimedSince: row.unclaimed_since ?? undefined,
  };
}

function refundFrom(text: string | null): ChannelRefund | undefined {
  const [amount, nonce] = text?.split("/") ?? [];
  return amount === undefined || nonce === undefined ? undefined : { amount: BigInt(amount), nonce: BigInt(nonce) };
}
