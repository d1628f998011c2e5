import { TouchstoneError } from "../errors.ts";
import { greater, lesser } from "./amount.ts";
import type { ChannelRecord } from "./channel-record.ts";

/** What a call holds of its channel until it ends. Token units. */
export interface Hold {
  /** The most that the call may cost. */
  readonly reserve: bigint;
  /** What its voucher says. */
  readonly ceiling: bigint;
}

/** A call whose end is unknown. */
interface Doubt {
  amount: bigint;
  /** When it became one. Unix milliseconds. */
  readonly since: number;
  /** Whether vouchers make room for it: it was this side that left. */
  isLent: boolean;
}

/** By then a provider has charged what it will charge for a call that ended. */
const SETTLED_MS = 60_000;

/** A claim about a channel that does not fit what was bought: it would pay for more than was received. */
export class OverchargeError extends TouchstoneError {
  override readonly name = "OverchargeError";
  declare readonly code: "OVERCHARGED";

  constructor(claimed: bigint, most: bigint) {
    const sentence = `The provider says that the channel was charged ${claimed}; calls can have cost ${most} at most.`;
    super(sentence, { code: "OVERCHARGED", details: { claimed, most } });
  }
}

/**
 * The money of one channel, in memory. Calls run side by side: a voucher's ceiling is what was charged, what the calls in
 * flight may cost, and what this one may. So a provider can take no more than that, whatever it says.
 */
export class ChannelLedger {
  #record: ChannelRecord;
  #doubts: Doubt[];
  /** What deposits on their way will bring, if they arrive. */
  #pledged = 0n;
  /** The highest sum that a receipt named. */
  #told: bigint;
  readonly #holds = new Set<Hold>();
  /** Ceilings that are spoken for: each voucher must differ from all others. */
  readonly #ceilings = new Set<bigint>();

  /** @param isLent Whether vouchers make room at once for the doubt that a record has, see {@link lose}. */
  constructor(record: ChannelRecord, now: number, isLent = true) {
    this.#record = record;
    this.#told = record.charged;
    this.#doubts = record.doubt > 0n ? [{ amount: record.doubt, since: now, isLent }] : [];
  }

  /** As it must be kept now: calls in flight count as doubt, since a crash would end them. */
  get record(): ChannelRecord {
    return { ...this.#record, doubt: this.#doubt() + this.#held() };
  }

  /** Charged, in doubt or in flight, and never more than was signed for: what can have been spent. Token units. */
  get spent(): bigint {
    const { charged, signed } = this.#record;
    const possible = charged + this.#doubt() + this.#held();
    return lesser(possible, greater(signed, charged));
  }

  get deposited(): bigint {
    return this.#record.deposited;
  }

  /** Calls that run. */
  get inFlight(): number {
    return this.#holds.size;
  }

  /** With what is on its way. */
  get pledged(): bigint {
    return this.#record.deposited + this.#pledged;
  }

  /** What the voucher of one more call would say. */
  ceilingOf(reserve: bigint): bigint {
    const lent = this.#doubts.reduce((sum, { amount, isLent }) => sum + (isLent ? amount : 0n), 0n);
    let ceiling = this.#record.charged + lent + this.#held() + reserve;
    while (this.#ceilings.has(ceiling)) {
      ceiling += 1n;
    }
    return ceiling;
  }

  /** Begins a call. */
  hold(reserve: bigint): Hold {
    const hold: Hold = { reserve, ceiling: this.ceilingOf(reserve) };
    this.#holds.add(hold);
    this.#ceilings.add(hold.ceiling);
    this.#record = { ...this.#record, signed: greater(this.#record.signed, hold.ceiling) };
    return hold;
  }

  /** Ends a call for which nothing is charged. `isSpent`: its voucher was taken all the same, so the next must differ. */
  release(hold: Hold, isSpent = false): void {
    this.#holds.delete(hold);
    if (!isSpent) {
      this.#ceilings.delete(hold.ceiling);
    }
  }

  /** Ends a call of which nobody knows what it cost. `isOurs`: this side left, so the provider is due what it made. */
  lose(hold: Hold, isOurs: boolean, now: number): void {
    if (this.#holds.delete(hold)) {
      this.#doubts.push({ amount: hold.reserve, since: now, isLent: isOurs });
    }
  }

  /**
   * Ends a call by its receipt.
   *
   * @param cumulative All that the channel was charged when the receipt was made, as it says.
   * @throws OverchargeError if that is more than calls can have cost. The call counts as ended all the same.
   */
  settle(hold: Hold, { amount, cumulative }: { amount: bigint; cumulative: bigint }, now: number): void {
    if (!this.#holds.delete(hold)) {
      return;
    }
    const charged = this.#record.charged + lesser(amount, hold.reserve);
    this.#record = { ...this.#record, charged };
    this.#told = greater(this.#told, cumulative);
    if (cumulative > this.spent) {
      throw new OverchargeError(cumulative, this.spent);
    }
    if (this.#holds.size === 0) {
      this.#reconcile(now);
    }
    this.#forgetCeilings();
  }

  /**
   * Takes what the provider says that the channel was charged and calls in flight may cost, if that can be.
   *
   * @throws OverchargeError
   */
  resync(claimed: bigint): void {
    if (claimed > this.spent) {
      throw new OverchargeError(claimed, this.spent);
    }
    this.#attribute(claimed - this.#held());
  }

  /** The chain's word on what is in the channel: it ends all doubt about deposits. */
  setDeposited(deposited: bigint): void {
    this.#record = { ...this.#record, deposited, isUnsure: false };
  }

  /** Nobody knows what is in the channel until the chain is asked. */
  makeUnsure(): void {
    this.#record = { ...this.#record, isUnsure: true };
  }

  /** Counts a deposit that is to be signed, or no longer counts it where negative. It did not leave. */
  pledge(amount: bigint): void {
    this.#pledged += amount;
  }

  /** A deposit leaves; nobody knows yet whether it arrives. */
  beginDeposit(amount: bigint): void {
    this.pledge(amount);
    this.makeUnsure();
  }

  /** A deposit arrived, or the chain must be asked about it. */
  endDeposit(amount: bigint, hasArrived: boolean): void {
    this.#pledged -= amount;
    if (hasArrived) {
      this.setDeposited(this.#record.deposited + amount);
    }
  }

  drop(reason: string): void {
    this.#record = { ...this.#record, dropped: this.#record.dropped ?? reason };
  }

  #held(): bigint {
    let sum = 0n;
    for (const { reserve } of this.#holds) {
      sum += reserve;
    }
    return sum;
  }

  #doubt(): bigint {
    return this.#doubts.reduce((sum, { amount }) => sum + amount, 0n);
  }

  /** Nothing is in flight: what receipts add up to beyond the known calls is what the doubtful ones cost. */
  #reconcile(now: number): void {
    this.#attribute(this.#told);
    this.#doubts = this.#doubts.filter(({ since }) => now - since < SETTLED_MS);
  }

  /** Moves what was charged beyond what is known out of doubt. */
  #attribute(charged: bigint): void {
    let extra = charged - this.#record.charged;
    if (extra <= 0n) {
      return;
    }
    for (const doubt of this.#doubts) {
      const part = lesser(doubt.amount, extra);
      doubt.amount -= part;
      doubt.isLent = false;
      extra -= part;
      this.#record = { ...this.#record, charged: this.#record.charged + part };
    }
    this.#doubts = this.#doubts.filter(({ amount }) => amount > 0n);
  }

  /** Ceilings at or below what was charged cannot come again. */
  #forgetCeilings(): void {
    for (const ceiling of this.#ceilings) {
      if (ceiling <= this.#record.charged) {
        this.#ceilings.delete(ceiling);
      }
    }
  }
}
