import type { FinishReason, Receipt } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";
import { NodeError } from "../errors.ts";
import type { Database } from "./database.ts";
import type { CallsTable } from "./tables.ts";

/** A live call that was charged, before it is signed. */
export interface NewCall {
  readonly receipt: Receipt;
  /** What paid: the ceiling of the voucher as a decimal, or `exact`. */
  readonly payment: string;
  /** `JobId` that the receipt stands for. */
  readonly job: Hex;
  /** Zero where the call was cut short. */
  readonly outputHash: Hex;
  readonly traceRoot: Hex;
  /** keccak256 of the whole trace; zero where there is none. */
  readonly traceHash: Hex;
  readonly finishReason?: FinishReason | undefined;
  /** Who signs. */
  readonly operator: Address;
}

/** A live call that was charged. */
export interface CallRow extends NewCall {
  /** Over the receipt; nothing if a crash came between storing and signing. */
  readonly signature: Hex | undefined;
}

/** Live calls that were charged, once each, and the bytes that their receipts are about. */
export class Calls {
  readonly #database: Database;
  #bytes: number;

  constructor(database: Database) {
    this.#database = database;
    const { query } = database;
    const sizes = query.selectFrom("call_blobs").select(({ fn }) => fn.sum<number>(fn("length", ["bytes"])).as("sum"));
    this.#bytes = database.first(sizes)?.sum ?? 0;
  }

  /** Bytes of all requests, outputs and traces. */
  get usedBytes(): number {
    return this.#bytes;
  }

  /** Records a call. Its number in its channel and its payment are new, or the database is not to be trusted. */
  add(call: NewCall, at: number): void {
    const { query } = this.#database;
    const { receipt, payment, job, outputHash, traceRoot, traceHash, operator } = call;
    this.#database.run(
      query.insertInto("calls").values({
        channel: receipt.channelId,
        seq: Number(receipt.seq),
        payment,
        job,
        receipt: serialize(call),
        output_hash: outputHash,
        trace_root: traceRoot,
        trace_hash: traceHash,
        operator,
        signature: null,
        at,
      }),
    );
  }

  /** Keeps bytes until a while after the last call that needs them. */
  keep(hash: Hex, bytes: Uint8Array, at: number): void {
    const { query } = this.#database;
    const known = this.#database.first(query.selectFrom("call_blobs").select("at").where("hash", "=", hash));
    if (known === undefined) {
      this.#database.run(query.insertInto("call_blobs").values({ hash, bytes, at }));
      this.#bytes += bytes.length;
    } else if (known.at < at) {
      this.#database.run(query.updateTable("call_blobs").set({ at }).where("hash", "=", hash));
    }
  }

  /** The bytes behind a hash, or nothing. */
  blob(hash: Hex): Uint8Array | undefined {
    const { query } = this.#database;
    return this.#database.first(query.selectFrom("call_blobs").select("bytes").where("hash", "=", hash))?.bytes;
  }

  /**
   * Stores the signature of a call. The same again passes.
   *
   * @throws NodeError `SIGNATURE_CONFLICT` if another one was stored: a receipt is signed once.
   */
  setSignature(channel: Hex, seq: bigint, signature: Hex): void {
    const { query } = this.#database;
    const mine = query.selectFrom("calls").select("signature").where("channel", "=", channel);
    const before = this.#database.first(mine.where("seq", "=", Number(seq)));
    if (before !== undefined && before.signature !== null && before.signature !== signature) {
      const sentence = `Call ${seq} of channel ${channel} was signed before, otherwise. Has the node's key changed?`;
      throw new NodeError("SIGNATURE_CONFLICT", sentence, { details: { channel, seq } });
    }
    this.#database.run(
      query.updateTable("calls").set({ signature }).where("channel", "=", channel).where("seq", "=", Number(seq)),
    );
  }

  get(channel: Hex, seq: bigint): CallRow | undefined {
    const { query } = this.#database;
    const mine = query.selectFrom("calls").selectAll().where("channel", "=", channel).where("seq", "=", Number(seq));
    const row = this.#database.first(mine);
    return row && fromTable(row);
  }

  /** The call that a payment paid for. */
  ofPayment(channel: Hex, payment: string): CallRow | undefined {
    const { query } = this.#database;
    const mine = query.selectFrom("calls").selectAll().where("channel", "=", channel).where("payment", "=", payment);
    const row = this.#database.first(mine);
    return row && fromTable(row);
  }

  /** The call whose receipt stands for a job. */
  byJob(job: Hex): CallRow | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("calls").selectAll().where("job", "=", job));
    return row && fromTable(row);
  }

  /** Forgets calls and bytes from before `time`, unix seconds: `most` of each, so that it never takes long. */
  prune(time: number, most = 1000): { readonly calls: number; readonly blobs: number } {
    const { query } = this.#database;
    return this.#database.transaction(() => {
      const old = this.#database.all(
        query
          .selectFrom("calls")
          .select(["channel", "seq", "payment"])
          .where("at", "<", time)
          .orderBy("at")
          .limit(most),
      );
      for (const { channel, seq, payment } of old) {
        this.#raiseFloor(channel, payment);
        // Nor may an exact payment, which is its own channel: without this row the chain is asked, and says that it is used.
        this.#database.run(query.deleteFrom("transfers").where("id", "=", channel));
        this.#database.run(query.deleteFrom("calls").where("channel", "=", channel).where("seq", "=", seq));
      }
      const idle = query.selectFrom("call_blobs").select(({ fn }) => ["hash", fn("length", ["bytes"]).as("length")]);
      const blobs = this.#database.all(idle.where("at", "<", time).orderBy("at").limit(most));
      for (const { hash, length } of blobs) {
        this.#database.run(query.deleteFrom("call_blobs").where("hash", "=", hash));
        this.#bytes -= Number(length);
      }
      this.#database.run(query.deleteFrom("transfers").where("valid_before", "<", time));
      return { calls: old.length, blobs: blobs.length };
    });
  }

  /** A payment whose row is gone must not pass for a new one: see `ChannelRow.floor`. */
  #raiseFloor(channel: string, payment: string): void {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("channels").select("floor").where("id", "=", channel));
    if (row !== undefined && BigInt(payment) > BigInt(row.floor)) {
      this.#database.run(query.updateTable("channels").set({ floor: payment }).where("id", "=", channel));
    }
  }
}

type StoredReceipt = Omit<Receipt, "seq" | "cumulative" | "amount"> &
  Record<"seq" | "cumulative" | "amount", string> & { readonly finishReason?: FinishReason };

function serialize({ receipt, finishReason }: NewCall): string {
  const { seq, cumulative, amount } = receipt;
  const integers = { seq: seq.toString(), cumulative: cumulative.toString(), amount: amount.toString() };
  return JSON.stringify({ ...receipt, ...integers, finishReason });
}

function fromTable(row: CallsTable): CallRow {
  const { finishReason, seq, cumulative, amount, ...rest } = JSON.parse(row.receipt) as StoredReceipt;
  return {
    receipt: { ...rest, seq: BigInt(seq), cumulative: BigInt(cumulative), amount: BigInt(amount) },
    payment: row.payment,
    job: row.job as Hex,
    outputHash: row.output_hash as Hex,
    traceRoot: row.trace_root as Hex,
    traceHash: row.trace_hash as Hex,
    finishReason,
    operator: row.operator as Address,
    signature: (row.signature as Hex | null) ?? undefined,
  };
}
