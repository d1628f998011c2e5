import type { ChannelConfig } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { ChannelOnChain, ChannelRefund, NewChannel } from "../store/channels.ts";
import type { Corrective } from "./offers.ts";

/** A voucher whose signature was checked. */
export interface SignedCeiling {
  /** Token units, cumulative. */
  readonly ceiling: bigint;
  readonly signature: Hex;
}

/** Why a channel does not pay for a call now. */
export type HoldFault =
  /** The vouchers do not reach so far. */
  | "low"
  /** The channel has not so much. */
  | "poor"
  /** The payer asked for its money. */
  | "leaving"
  /** A refund is under way. */
  | "refunding";

/** Money held for a call. */
export interface Held {
  /** From 1, by channel. */
  readonly seq: bigint;
  /** Token units. */
  readonly reserve: bigint;
}

/**
 * One payment channel in memory, where all is decided in one breath: no await comes between a check and what it allows.
 * At every moment `charged + held <= ceiling`, and both are within what the chain holds for the channel.
 */
export class ChannelAccount {
  readonly id: Hex;
  readonly config: ChannelConfig;
  chain: ChannelOnChain;
  /** A refund under way. */
  refund: ChannelRefund | undefined;
  /** Unix seconds of the oldest charge that is not claimed. */
  unclaimedSince: number | undefined;
  /** Numbers up to this one may have been given out before a crash. */
  reservedSeq: number;
  /** Payments whose calls run, by their name, with the hash of the request. */
  readonly running = new Map<string, Hex>();
  #charged: bigint;
  #held = 0n;
  #ceiling: bigint;
  #signature: Hex;
  #lastSeq: number;

  constructor(row: NewChannel) {
    this.id = row.id;
    this.config = row.config;
    this.chain = row;
    this.refund = row.refund;
    this.unclaimedSince = row.unclaimedSince;
    this.reservedSeq = row.reservedSeq;
    this.#lastSeq = row.reservedSeq;
    this.#charged = row.charged;
    this.#ceiling = row.ceiling;
    this.#signature = row.signature;
  }

  /** All that calls were charged. Token units. */
  get charged(): bigint {
    return this.#charged;
  }

  /** What calls under way may cost together. Token units. */
  get held(): bigint {
    return this.#held;
  }

  /** The highest voucher. */
  get voucher(): SignedCeiling {
    return { ceiling: this.#ceiling, signature: this.#signature };
  }

  /** What was charged and is not claimed on chain. Token units. */
  get unclaimed(): bigint {
    return this.#charged > this.chain.claimed ? this.#charged - this.chain.claimed : 0n;
  }

  /** The last number that was given out. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /**
   * Whether a call with this reserve can be held by this voucher and those before it.
   *
   * @param deposit What the payment pays in first, token units.
   */
  faultOf({ ceiling }: Pick<SignedCeiling, "ceiling">, reserve: bigint, deposit = 0n): HoldFault | undefined {
    const needed = this.#charged + this.#held + reserve;
    if (this.refund !== undefined) {
      return "refunding";
    }
    if (this.chain.withdrawalAt !== 0) {
      return "leaving";
    }
    const authorised = ceiling > this.#ceiling ? ceiling : this.#ceiling;
    return authorised < needed ? "low" : this.chain.balance + deposit < needed ? "poor" : undefined;
  }

  /** Holds a call's reserve and gives the call its number. Who calls has asked {@link faultOf} in the same breath. */
  hold({ ceiling, signature }: SignedCeiling, reserve: bigint): Held {
    if (ceiling > this.#ceiling) {
      this.#ceiling = ceiling;
      this.#signature = signature;
    }
    this.#held += reserve;
    this.#lastSeq += 1;
    return { seq: BigInt(this.#lastSeq), reserve };
  }

  /** Charges a held call: what it used, at most its reserve. Gives what the channel was charged in all. */
  charge({ reserve }: Held, amount: bigint, now: number): bigint {
    if (amount > reserve) {
      throw new RangeError("A call costs at most its reserve");
    }
    this.#held -= reserve;
    this.#charged += amount;
    if (amount > 0n) {
      this.unclaimedSince ??= now;
    }
    return this.#charged;
  }

  /** Lets a held call go for nothing. */
  release({ reserve }: Held): void {
    this.#held -= reserve;
  }

  /**
   * Takes in what the chain says. Where more was claimed than charged, this is an old database: what was claimed was
   * charged, and numbers go on behind all that may have been given out since.
   */
  note(chain: ChannelOnChain, now: number): void {
    if (chain.claimed > this.#charged) {
      this.#charged = chain.claimed;
      this.#lastSeq = Math.max(this.#lastSeq, now);
    }
    const claimedMore = chain.claimed > this.chain.claimed;
    this.chain = chain;
    if (this.unclaimed === 0n) {
      this.unclaimedSince = undefined;
    } else if (claimedMore || this.unclaimedSince === undefined) {
      this.unclaimedSince = now;
    }
  }

  /** What the database keeps of it. What is held is not: a call that a crash ends costs nothing. */
  row(): NewChannel {
    const { id, config, chain, refund, unclaimedSince, reservedSeq } = this;
    const { ceiling, signature } = this.voucher;
    const { balance, claimed, withdrawalAt, refundNonce } = chain;
    const money = { charged: this.#charged, ceiling, signature, balance, claimed, withdrawalAt, refundNonce };
    return { id, config, ...money, reservedSeq, refund, unclaimedSince };
  }

  /** What a payer must know to go on. */
  corrective(): Corrective {
    const { balance, claimed: totalClaimed, withdrawalAt: withdrawRequestedAt, refundNonce } = this.chain;
    const chargedCumulativeAmount = this.#charged + this.#held;
    const state = { channelId: this.id, balance, totalClaimed, withdrawRequestedAt, refundNonce };
    return { ...state, chargedCumulativeAmount, ...this.voucher };
  }
}
