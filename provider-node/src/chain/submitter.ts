import PQueue from "p-queue";
import {
  type Address,
  BaseError,
  type Hex,
  keccak256,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from "viem";
import type { Clock } from "../clock.ts";
import { NodeError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Attempt, IntentRow, Intents, NewIntent } from "../store/intents.ts";
import { type FeeMarket, type Fees, firstFees, raisedFees } from "./fees.ts";
import { nodeErrorName, revertOf } from "./rpc.ts";

/** A call that is wanted. */
export interface Call {
  /** What it is for, such as `accept:0x...`; while one is under way, the same purpose is the same transaction. */
  readonly purpose: string;
  readonly to: Address;
  readonly data: Hex;
}

/** A transaction that is as deep in the chain as it must be. */
export interface Landed {
  readonly hash: Hex;
  readonly block: number;
}

/** What a submitter works with. */
export interface SubmitterOptions {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly account: LocalAccount;
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

/** Looks with which a nonce must be used up, with no receipt of ours, before it counts as lost. */
const LOOKS_BEFORE_LOST = 3;
/** Gas limits leave a quarter above the estimate: what a call costs can grow before it is mined. */
const GAS_MARGIN = { times: 5n, over: 4n } as const;
const PLAIN_TRANSFER_GAS = 21_000n;
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
    const { intents, logger } = this.#options;
    for (const intent of intents.open()) {
      logger.info("transaction resumed", { purpose: intent.purpose, nonce: intent.nonce });
      this.#track(intent.purpose, this.#land(intent)).catch((error: unknown) => {
        logger.warn("resumed transaction failed", { purpose: intent.purpose, error });
      });
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
    const before = this.#underWay.get(call.purpose);
    return before ?? this.#track(call.purpose, this.#begin(call));
  }

  #track(purpose: string, landing: Promise<Landed>): Promise<Landed> {
    const tracked = landing.finally(() => this.#underWay.delete(purpose));
    this.#underWay.set(purpose, tracked);
    return tracked;
  }

  async #begin(call: Call): Promise<Landed> {
    const intent = await this.#queue.add(() => this.#prepare(call), { signal: this.#options.signal });
    return this.#land(intent);
  }

  /** The intent to go on with: one that was begun before, or a new one. */
  async #prepare(call: Call): Promise<IntentRow> {
    const { intents, account, client, logger } = this.#options;
    const before = intents.latest(call.purpose);
    if (before?.state === "open") {
      return before;
    }
    if (before?.state === "done" && (await this.#wasReorgedOut(before))) {
      return intents.setState(before, "open");
    }
    try {
      const gas = await this.#estimateGas(call);
      const market = await this.#feeMarket();
      const fees = firstFees(market, this.#options.maxFeePerGas);
      await this.#requireFunds(gas * fees.maxFeePerGas);
      const pending = await client.getTransactionCount({ address: account.address, blockTag: "pending" });
      const nonce = Math.max(pending, ...intents.open().map((intent) => intent.nonce + 1));
      const draft = { ...call, nonce, gas };
      const intent = intents.add(draft, await this.#sign(draft, fees, market.head));
      logger.debug("transaction stored", { purpose: call.purpose, nonce });
      return intent;
    } catch (error) {
      throw asNodeError(error, call.purpose);
    }
  }

  /** Whether a transaction that was deep enough has left the chain, with its nonce free to carry it again. */
  async #wasReorgedOut(intent: IntentRow): Promise<boolean> {
    return (await this.#receiptOf(intent)) === undefined && (await this.#nextNonce()) <= intent.nonce;
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
        lostLooks = sight.is === "lost" ? lostLooks + 1 : 0;
        if (sight.is === "deep") {
          return this.#close(intent, sight.receipt);
        } else if (sight.is === "mined") {
          pushedAt = NEVER; // Should a reorg drop it, it is sent again at once.
        } else if (lostLooks === LOOKS_BEFORE_LOST) {
          throw this.#lose(intent);
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
    const head = Number(await this.#options.client.getBlockNumber());
    const receipt = await this.#receiptOf(intent);
    if (receipt !== undefined) {
      const depth = head - Number(receipt.blockNumber) + 1;
      return depth >= this.#options.confirmations ? { is: "deep", receipt } : { is: "mined" };
    }
    return (await this.#nextNonce()) > intent.nonce ? { is: "lost" } : { is: "pending", head };
  }

  /** Sends the latest form, or a dearer one if that was sent too long ago. */
  async #push(intent: IntentRow, head: number): Promise<IntentRow> {
    const isStuck = head - latestOf(intent).head >= this.#options.stuckBlocks;
    const pushed = isStuck ? await this.#replace(intent) : intent;
    const { raw, hash } = latestOf(pushed);
    const { purpose, nonce } = pushed;
    try {
      await this.#options.client.sendRawTransaction({ serializedTransaction: raw });
      this.#options.logger.debug("transaction sent", { purpose, nonce, hash });
    } catch (error) {
      const reason = nodeErrorName(error);
      if (reason === "InsufficientFundsError") {
        throw gasMoneyMissing(this.#options.account.address, error);
      }
      // Most often the endpoint knows it already; what became of it shows at the next look.
      this.#options.logger.debug("transaction not taken", { purpose, nonce, hash, reason });
    }
    return pushed;
  }

  /** Adds a dearer form; an empty one, which frees the nonce, if the call would now revert. */
  async #replace(intent: IntentRow): Promise<IntentRow> {
    const last = latestOf(intent);
    const market = await this.#feeMarket();
    const fees = raisedFees(last, market, this.#options.maxFeePerGas);
    if (fees === undefined) {
      this.#options.logger.warn("transaction is stuck at the fee cap", {
        purpose: intent.purpose,
        nonce: intent.nonce,
      });
      return intent;
    }
    const isWithdrawal = last.isWithdrawal || (await this.#wouldRevert(intent));
    const attempt = await this.#sign(intent, fees, market.head, isWithdrawal);
    const replaced = this.#options.intents.addAttempt(intent, attempt);
    this.#options.logger.info("transaction replaced", { purpose: intent.purpose, nonce: intent.nonce, isWithdrawal });
    return replaced;
  }

  #close(intent: IntentRow, { transactionHash: hash, blockNumber, status }: TransactionReceipt): Landed {
    const { intents, logger } = this.#options;
    intents.setState(intent, "done");
    const { purpose } = intent;
    const landed = { hash, block: Number(blockNumber) };
    const isWithdrawn = intent.attempts.some((attempt) => attempt.hash === hash && attempt.isWithdrawal);
    logger.info("transaction landed", { purpose, ...landed, status, isWithdrawn });
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

  async #sign(call: NewIntent, fees: Fees, head: number, isWithdrawal = false): Promise<Attempt> {
    const { account, chainId } = this.#options;
    const body = isWithdrawal
      ? { to: account.address, gas: PLAIN_TRANSFER_GAS }
      : { to: call.to, data: call.data, gas: call.gas };
    const { maxFeePerGas, maxPriorityFeePerGas } = fees;
    const bid = { maxFeePerGas, maxPriorityFeePerGas };
    const raw = await account.signTransaction({
      type: "eip1559",
      chainId,
      nonce: call.nonce,
      value: 0n,
      ...body,
      ...bid,
    });
    return { hash: keccak256(raw), raw, ...bid, head, isWithdrawal };
  }

  async #estimateGas({ to, data }: Pick<Call, "to" | "data">): Promise<bigint> {
    const { client, account } = this.#options;
    const gas = await client.estimateGas({ account: account.address, to, data });
    return (gas * GAS_MARGIN.times) / GAS_MARGIN.over;
  }

  async #wouldRevert(call: Pick<Call, "to" | "data">): Promise<boolean> {
    try {
      await this.#estimateGas(call);
      return false;
    } catch (error) {
      if (revertOf(error) === undefined) {
        throw error;
      }
      return true;
    }
  }

  async #feeMarket(): Promise<FeeMarket & { readonly head: number }> {
    const { client } = this.#options;
    const [block, tip] = await Promise.all([client.getBlock(), client.estimateMaxPriorityFeePerGas()]);
    return { baseFee: block.baseFeePerGas ?? 0n, tip, head: Number(block.number) };
  }

  async #requireFunds(cost: bigint): Promise<void> {
    const { client, account } = this.#options;
    if ((await client.getBalance({ address: account.address })) < cost) {
      throw gasMoneyMissing(account.address);
    }
  }

  /** The receipt of whichever form was mined. */
  async #receiptOf(intent: IntentRow): Promise<TransactionReceipt | undefined> {
    for (const { hash } of intent.attempts.toReversed()) {
      try {
        return await this.#options.client.getTransactionReceipt({ hash });
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) {
          throw error;
        }
      }
    }
    return undefined;
  }

  /** The first nonce that no mined transaction of this key has. */
  #nextNonce(): Promise<number> {
    return this.#options.client.getTransactionCount({ address: this.#options.account.address, blockTag: "latest" });
  }
}

/** What the chain shows of an intent. `lost`: its nonce is used, and not by us, unless receipts come late. */
type Sight =
  | { readonly is: "deep"; readonly receipt: TransactionReceipt }
  | { readonly is: "mined" }
  | { readonly is: "pending"; readonly head: number }
  | { readonly is: "lost" };

function latestOf({ attempts, purpose }: IntentRow): Attempt {
  const latest = attempts.at(-1);
  if (latest === undefined) {
    throw new TypeError(`The intent ${purpose} has no attempt`);
  }
  return latest;
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
  const sentence = `The market refuses ${purpose}: ${reason}.`;
  return new NodeError("TRANSACTION_REVERTED", sentence, { cause, details: { purpose, reason, ...data } });
}

function gasMoneyMissing(account: Address, cause?: unknown): NodeError {
  const sentence = `The key ${account} has too few coins to pay for gas. Send it some.`;
  return new NodeError("GAS_MONEY_MISSING", sentence, { cause, details: { account } });
}
