import PQueue from "p-queue";
import { BaseError, type Hex, type TransactionReceipt } from "viem";
import type { Clock } from "../clock.ts";
import { NodeError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Attempt, IntentRow, Intents } from "../store/intents.ts";
import { firstFees, raisedFees } from "./fees.ts";
import { revertOf } from "./rpc.ts";
import type { Action, Wallet } from "./wallet.ts";

/** A call that is wanted. */
export interface Call extends Action {
  /** What it is for, such as `accept:0x...`; while one is under way, the same purpose is the same transaction. */
  readonly purpose: string;
}

/** A transaction that is as deep in the chain as it must be. */
export interface Landed {
  readonly hash: Hex;
  readonly block: number;
}

/** What a submitter works with. */
export interface SubmitterOptions {
  readonly wallet: Wallet;
  readonly intents: Intents;
  /** Most that a transaction may bid, wei. */
  readonly maxFeePerGas: bigint;
  /** Blocks after which an unmined transaction is replaced by a dearer one. */
  readonly stuckBlocks: number;
  /** Blocks that a transaction must be deep; 1 is the newest block. */
  readonly confirmations: number;
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends all waiting; what is under way goes on after the next start. */
  readonly signal: AbortSignal;
}

/** Looks at which a transaction must seem lost before it counts as lost: receipts can come late. */
const LOOKS_BEFORE_LOST = 3;
/** Before every block. */
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Sends one transaction an intent. Each is stored, signed, with its nonce before it is sent; whatever is interrupted goes
 * on with the same nonce, so nothing is ever spent twice.
 */
export class Submitter {
  readonly #options: SubmitterOptions;
  /** Nonces are handed out one at a time. */
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #underWay = new Map<string, Promise<Landed>>();

  constructor(options: SubmitterOptions) {
    this.#options = options;
  }

  /** Goes on with what an earlier run left under way, so that no nonce stays unused. */
  resume(): void {
    for (const intent of this.#options.intents.open()) {
      this.#landAside(intent);
    }
  }

  /**
   * Has a call mined, once, and waits until it is deep enough.
   *
   * Who calls has looked at the chain and knows that the call is still wanted. A transaction that is under way for this
   * purpose is waited for; one that a reorg dropped is sent again as it was.
   *
   * @throws NodeError `TRANSACTION_REVERTED` (also if it would revert; details.reason is the contract's error),
   * `FEE_ABOVE_CAP`, `GAS_MONEY_MISSING`, `NONCE_TAKEN`, `RPC_UNAVAILABLE`.
   */
  send(call: Call): Promise<Landed> {
    return this.#underWay.get(call.purpose) ?? this.#track(call.purpose, this.#begin(call));
  }

  #track(purpose: string, landing: Promise<Landed>): Promise<Landed> {
    const tracked = landing.finally(() => {
      if (this.#underWay.get(purpose) === tracked) {
        this.#underWay.delete(purpose);
      }
    });
    this.#underWay.set(purpose, tracked);
    return tracked;
  }

  /** Lands an intent that nobody waits for. */
  #landAside(intent: IntentRow): void {
    const { purpose, nonce } = intent;
    this.#options.logger.info("transaction resumed", { purpose, nonce });
    const landing = this.#land(intent);
    const tracked = this.#underWay.has(purpose) ? landing : this.#track(purpose, landing);
    tracked.catch((error: unknown) => this.#options.logger.warn("transaction failed", { purpose, nonce, error }));
  }

  async #begin(call: Call): Promise<Landed> {
    const intent = await this.#queue.add(() => this.#prepare(call), { signal: this.#options.signal });
    return this.#land(intent);
  }

  /** The intent to go on with: one that was begun before, or a new one. */
  async #prepare(call: Call): Promise<IntentRow> {
    const { intents, wallet, maxFeePerGas, logger } = this.#options;
    const { purpose } = call;
    try {
      const before = intents.latest(purpose);
      if (before?.state === "open") {
        return before;
      }
      if (before?.state === "done" && (await this.#wasReorgedOut(before))) {
        return intents.setState(before, "open");
      }
      const gas = await wallet.estimateGas(call);
      const { head, ...market } = await wallet.feeMarket();
      const fees = firstFees(market, maxFeePerGas);
      await wallet.requireFunds(gas * fees.maxFeePerGas);
      const nonce = Math.max(await wallet.nextNonce("pending"), ...intents.open().map((other) => other.nonce + 1));
      const signed = await wallet.sign(nonce, fees, { ...call, gas });
      const intent = intents.add({ ...call, nonce, gas }, { ...signed, head, isWithdrawal: false });
      logger.debug("transaction stored", { purpose, nonce });
      return intent;
    } catch (error) {
      throw asNodeError(error, purpose);
    }
  }

  /** Whether a transaction that was deep enough has left the chain, with its nonce free to carry it again. */
  async #wasReorgedOut(intent: IntentRow): Promise<boolean> {
    const { wallet, intents } = this.#options;
    if (intents.open().some(({ nonce }) => nonce === intent.nonce)) {
      return false; // Another one has the nonce by now.
    }
    const isGone = (await wallet.receiptOf(hashesOf(intent))) === undefined;
    return isGone && (await wallet.nextNonce("latest")) <= intent.nonce;
  }

  /** Sends an intent, dearer every few blocks, until one of its forms is deep enough. */
  async #land(start: IntentRow): Promise<Landed> {
    const { clock, signal, pollIntervalMs, stuckBlocks, logger } = this.#options;
    let intent = start;
    let pushedAt = NEVER;
    let lostLooks = 0;
    for (;;) {
      try {
        const sight = await this.#look(intent);
        const isLost = sight.is === "lost" || (sight.is === "gapped" && !this.#fill(sight.next));
        lostLooks = isLost ? lostLooks + 1 : 0;
        if (sight.is === "deep") {
          return this.#close(intent, sight.receipt);
        } else if (lostLooks === LOOKS_BEFORE_LOST) {
          throw this.#lose(intent);
        } else if (sight.is === "mined") {
          pushedAt = NEVER; // Should a reorg drop it, it is sent again at once.
        } else if (sight.is === "pending" && sight.head - pushedAt >= stuckBlocks) {
          intent = await this.#push(intent, sight.head);
          pushedAt = sight.head;
        }
      } catch (error) {
        if (!(error instanceof BaseError)) {
          throw error;
        }
        logger.warn("transaction waits for the chain", { purpose: intent.purpose, nonce: intent.nonce, error });
      }
      await clock.sleep(pollIntervalMs, signal);
    }
  }

  async #look(intent: IntentRow): Promise<Sight> {
    const { wallet, confirmations } = this.#options;
    const head = await wallet.head();
    const receipt = await wallet.receiptOf(hashesOf(intent));
    if (receipt !== undefined) {
      return head - Number(receipt.blockNumber) + 1 >= confirmations ? { is: "deep", receipt } : { is: "mined" };
    }
    if ((await wallet.nextNonce("latest")) > intent.nonce) {
      return { is: "lost" };
    }
    const next = await wallet.nextNonce("pending");
    return next < intent.nonce ? { is: "gapped", next } : { is: "pending", head };
  }

  /**
   * Sees to the transaction of an earlier nonce, without which no later one is mined: one under way comes by itself, one
   * that was done and that a reorg dropped is landed again.
   *
   * @returns Whether there is one.
   */
  #fill(nonce: number): boolean {
    const { intents } = this.#options;
    const intent = intents.ofNonce(nonce);
    if (intent?.state === "done") {
      this.#landAside(intents.setState(intent, "open"));
    }
    return intent !== undefined && intent.state !== "failed";
  }

  /** Sends the latest form, or a dearer one if that was sent too long ago. */
  async #push(intent: IntentRow, head: number): Promise<IntentRow> {
    const isStuck = head - latestOf(intent).head >= this.#options.stuckBlocks;
    const pushed = isStuck ? await this.#replace(intent) : intent;
    const { raw, hash } = latestOf(pushed);
    const reason = await this.#options.wallet.send(raw);
    const { purpose, nonce } = pushed;
    this.#options.logger.debug(reason === undefined ? "transaction sent" : "transaction not taken", {
      purpose,
      nonce,
      hash,
      reason,
    });
    return pushed;
  }

  /** Adds a dearer form; an empty one, which frees the nonce, if the call would now revert. */
  async #replace(intent: IntentRow): Promise<IntentRow> {
    const { wallet, intents, maxFeePerGas, logger } = this.#options;
    const { purpose, nonce } = intent;
    const last = latestOf(intent);
    const { head, ...market } = await wallet.feeMarket();
    const fees = raisedFees(last, market, maxFeePerGas);
    if (fees === undefined) {
      logger.warn("transaction is stuck at the fee cap", { purpose, nonce });
      return intent;
    }
    const isWithdrawal = last.isWithdrawal || (await wallet.wouldRevert(intent));
    const signed = await wallet.sign(nonce, fees, isWithdrawal ? undefined : intent);
    const replaced = intents.addAttempt(intent, { ...signed, head, isWithdrawal });
    logger.info("transaction replaced", { purpose, nonce, isWithdrawal });
    return replaced;
  }

  #close(intent: IntentRow, { transactionHash: hash, blockNumber, status }: TransactionReceipt): Landed {
    const { intents, logger } = this.#options;
    intents.setState(intent, "done");
    const { purpose, nonce } = intent;
    const landed = { hash, block: Number(blockNumber) };
    const isWithdrawn = intent.attempts.some((attempt) => attempt.hash === hash && attempt.isWithdrawal);
    logger.info("transaction landed", { purpose, nonce, ...landed, status, isWithdrawn });
    if (status === "reverted" || isWithdrawn) {
      throw reverted(purpose, isWithdrawn ? "withdrawn" : "unknown", { hash });
    }
    return landed;
  }

  #lose(intent: IntentRow): NodeError {
    this.#options.intents.setState(intent, "failed");
    const { purpose, nonce } = intent;
    const sentence = `Another transaction of this key took nonce ${nonce}. Give each process a key of its own.`;
    return new NodeError("NONCE_TAKEN", sentence, { details: { purpose, nonce } });
  }
}

/**
 * What the chain shows of an intent. `gapped`: it cannot be mined before another with the nonce `next`; `lost`: its nonce
 * is used, and not by us, unless receipts come late.
 */
type Sight =
  | { readonly is: "deep"; readonly receipt: TransactionReceipt }
  | { readonly is: "mined" }
  | { readonly is: "pending"; readonly head: number }
  | { readonly is: "gapped"; readonly next: number }
  | { readonly is: "lost" };

function latestOf({ attempts, purpose }: IntentRow): Attempt {
  const latest = attempts.at(-1);
  if (latest === undefined) {
    throw new TypeError(`The intent ${purpose} has no attempt`);
  }
  return latest;
}

/** The latest first: the dearest is the likeliest. */
function hashesOf({ attempts }: IntentRow): Hex[] {
  return attempts.map(({ hash }) => hash).toReversed();
}

function asNodeError(error: unknown, purpose: string): unknown {
  const revert = revertOf(error);
  if (revert !== undefined) {
    return reverted(purpose, revert.name, { args: revert.args }, error);
  }
  const sentence = "No endpoint of the chain answers as it should. The node tries again; check `rpcUrls`.";
  return error instanceof BaseError ? new NodeError("RPC_UNAVAILABLE", sentence, { cause: error }) : error;
}

function reverted(purpose: string, reason: string, data: object, cause?: unknown): NodeError {
  const sentence = `The contract refuses ${purpose}: ${reason}.`;
  return new NodeError("TRANSACTION_REVERTED", sentence, { cause, details: { purpose, reason, ...data } });
}
