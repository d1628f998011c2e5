import { encodeOutput, type ItemOutput, type Pricing, priceOf, traceRoot } from "@touchstone/sdk/protocol";
import { type Address, type Hex, keccak256, zeroHash } from "viem";
import type { CallRow, NewCall } from "../store/calls.ts";
import type { NewChannel } from "../store/channels.ts";
import type { Store } from "../store/store.ts";
import type { LiveCall, Settled } from "./desk.ts";
import type { Receipts } from "./receipts.ts";

/** What a call is paid with: a channel, or one transfer. */
export interface Purse {
  /** The channel; of an exact payment, what was signed. */
  readonly id: Hex;
  readonly payer: Address;
  /** Names the payment in its channel. */
  readonly payment: string;
  readonly seq: bigint;
  /** Token units. */
  readonly reserve: bigint;
  /** Charges and says what was charged in all. A transfer is charged whole. */
  charge(amount: bigint): { readonly amount: bigint; readonly cumulative: bigint };
  /** What the database then keeps of the channel. */
  row(): NewChannel | undefined;
  /** The call is written, or was for nothing. */
  end(): void;
  release(): void;
  /** Hash of the transaction that brought the money in, or nothing. */
  transaction(): string;
}

/** What calls work with. */
export interface CallMeans {
  readonly store: Store;
  readonly receipts: Receipts;
  /** Chain time, unix seconds. */
  readonly now: () => number;
  /** Makes the answer of a call that is stored; `transaction` is the one that paid, if one did. */
  readonly settled: (row: CallRow, signature: Hex, output: ItemOutput | undefined, transaction: string) => Settled;
  /** Told of every charge. */
  readonly onCharged: (amount: bigint) => void;
  /** The disk failed with a charge made and not written: nothing may go on. */
  readonly onFatal: (error: unknown) => void;
}

/** What a call is about. */
export interface CallFacts {
  readonly model: Hex;
  readonly bytes: Uint8Array;
  /** When the call was admitted: what the buyer was told holds. */
  readonly pricing: Pricing;
  /** Answers that it may come to. */
  readonly items: number;
  readonly requestHash: Hex;
  readonly seed: Hex;
}

interface Made {
  readonly isJudged?: boolean;
  readonly items?: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly output?: ItemOutput;
  readonly trace?: Uint8Array;
}

/** A call whose reserve is held, from its admission to its receipt. */
export class PaidCall implements LiveCall {
  readonly id: string;
  readonly channelId: Hex;
  readonly seq: bigint;
  readonly seed: Hex;
  readonly reserve: bigint;
  readonly #means: CallMeans;
  readonly #purse: Purse;
  readonly #facts: CallFacts;
  #isOver = false;

  constructor(means: CallMeans, purse: Purse, facts: CallFacts) {
    this.#means = means;
    this.#purse = purse;
    this.#facts = facts;
    this.id = `${purse.id}:${purse.seq}`;
    this.channelId = purse.id;
    this.seq = purse.seq;
    this.seed = facts.seed;
    this.reserve = purse.reserve;
  }

  finish(made: Made & Required<Pick<Made, "output" | "trace">>): Promise<Settled> {
    return this.#settle(made);
  }

  cut({ promptTokens, completionTokens }: Made): Promise<Settled> {
    return this.#settle({ promptTokens, completionTokens });
  }

  fail(): Promise<void> {
    this.#close();
    this.#purse.release();
    this.#purse.end();
    return Promise.resolve();
  }

  /** Charges, writes all of it at once, and only then signs. */
  async #settle(made: Made): Promise<Settled> {
    const { store, receipts, now } = this.#means;
    this.#close();
    const written = writtenOf(made);
    const at = now();
    const { call, channel } = this.#charge(made, written, at);
    const { bytes, requestHash } = this.#facts;
    try {
      await store.commit(() => {
        store.calls.add(call, at);
        if (written !== undefined) {
          store.calls.keep(requestHash, bytes, at);
          store.calls.keep(written.outputHash, written.outputBytes, at);
          written.traceHash !== zeroHash && store.calls.keep(written.traceHash, written.trace, at);
        }
        channel !== undefined && store.channels.put(channel);
      });
    } catch (error) {
      this.#means.onFatal(error);
      throw error;
    }
    this.#purse.end();
    const signature = await receipts.sign(call.receipt);
    store.commit(() => store.calls.setSignature(this.#purse.id, this.seq, signature)).catch(this.#means.onFatal);
    this.#means.onCharged(call.receipt.amount);
    return this.#means.settled({ ...call, signature }, signature, made.output, this.#purse.transaction());
  }

  /** From here on the money is charged: no await until it is on its way to the disk. */
  #charge(made: Made, written: Written | undefined, issuedAt: number): { call: NewCall; channel?: NewChannel } {
    const { receipts } = this.#means;
    const { model, requestHash, pricing } = this.#facts;
    const { id: channelId, payer, payment, seq, reserve } = this.#purse;
    const { promptTokens, completionTokens, items = this.#facts.items } = made;
    const used = priceOf(pricing, { items, inputTokens: promptTokens, outputTokens: completionTokens });
    const isWithin = used <= reserve; // An engine that counts otherwise than the desk must not cost the buyer more.
    const { amount, cumulative } = this.#purse.charge(isWithin ? used : reserve);
    const counted = { promptTokens, completionTokens, amount, cumulative, issuedAt };
    const { receipt, job } = receipts.complete(
      { payer, model, channelId, seq, requestHash, ...counted },
      made.isJudged === false ? undefined : written,
    );
    const finishReason = made.output !== undefined && "text" in made.output ? made.output.finishReason : undefined;
    const { outputHash = zeroHash, traceRoot: root = zeroHash, traceHash = zeroHash } = written ?? {};
    const hashes = { outputHash, traceRoot: root, traceHash };
    const call = { receipt, payment, job, ...hashes, finishReason, operator: receipts.operator };
    const channel = this.#purse.row();
    return channel === undefined ? { call } : { call, channel };
  }

  #close(): void {
    if (this.#isOver) {
      throw new TypeError(`The call ${this.id} is over`);
    }
    this.#isOver = true;
  }
}

interface Written {
  readonly outputBytes: Uint8Array;
  readonly outputHash: Hex;
  readonly trace: Uint8Array;
  readonly traceRoot: Hex;
  readonly traceHash: Hex;
}

function writtenOf({ output, trace = new Uint8Array() }: Made): Written | undefined {
  if (output === undefined) {
    return undefined;
  }
  const outputBytes = encodeOutput(output);
  const traced =
    trace.length === 0
      ? { traceRoot: zeroHash, traceHash: zeroHash }
      : { traceRoot: traceRoot(trace), traceHash: keccak256(trace) };
  return { outputBytes, outputHash: keccak256(outputBytes), trace, ...traced };
}
