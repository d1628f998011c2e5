import { type Hex, isAddressEqual } from "viem";
import { readChannel } from "../actions/internal/channels.ts";
import type { ReadClient } from "../actions/internal/clients.ts";
import { type ChannelConfig, channelId } from "../protocol/x402.ts";
import { greater } from "./amount.ts";
import { depositWithin, requireWithin, type Spendings } from "./budget.ts";
import type { Channel } from "./channel.ts";
import { ChannelLedger, type Hold } from "./channel-ledger.ts";
import type { ChannelRecord, ChannelStore } from "./channel-record.ts";
import { channelConfigOf, paymentHeader } from "./channel-terms.ts";
import { DEPOSIT_SECONDS, type SignedDeposit, signDeposit, TOP_UP_SECONDS, type TopUp } from "./deposit.ts";
import { LiveError } from "./live-error.ts";
import type { Offer } from "./offer.ts";
import type { Budget } from "./policy.ts";
import type { Fate } from "./routing.ts";
import type { PaymentSigner } from "./wallet.ts";

/** What pays one try of a call. Exactly one of its ends is called, once; `arrived` before it, if a deposit was sent along. */
export interface Payment {
  readonly channel: Channel;
  readonly hold: Hold;
  /** The PAYMENT-SIGNATURE header. */
  readonly header: string;
  /** Whether a deposit goes with it. */
  readonly isDeposit: boolean;
  /** The server answered the call: a deposit that went with it is in the channel, or else nobody knows. */
  arrived(isTaken: boolean): void;
}

/** What a purse is made of. */
export interface PurseParameters {
  readonly signer: PaymentSigner;
  readonly client: ReadClient;
  readonly chainId: number;
  readonly budget: Budget;
  /** See `LivePolicy`. */
  readonly deposit: bigint | undefined;
  readonly depositMultiple: bigint;
  /** Tells channels of one wallet apart that do not share a store. */
  readonly name: string;
  readonly store: ChannelStore;
  readonly fate: Fate;
}

/** Pays providers: keeps a channel with each, within the budget, so that what is signed is known before it leaves. */
export class Purse {
  readonly #with: PurseParameters;
  readonly #channels = new Map<Hex, Channel>();
  readonly #opening = new Map<Hex, Promise<Channel>>();
  /** Spares the hash of the same config at every call. */
  readonly #known = new WeakMap<Offer, Channel>();

  constructor(parameters: PurseParameters) {
    this.#with = parameters;
  }

  /** Takes up the channels that the store has. */
  async load(): Promise<void> {
    for (const record of await this.#with.store.load()) {
      const isOurs = isAddressEqual(record.config.payer, this.#with.signer.account.address);
      if (isOurs && record.chainId === this.#with.chainId && !this.#channels.has(record.channelId)) {
        this.#channels.set(record.channelId, this.#channelOf(record));
      }
    }
  }

  get channels(): readonly Channel[] {
    const channels = [...this.#channels.values()];
    for (const channel of channels) {
      this.#forgetLate(channel);
    }
    return channels;
  }

  /** What was spent with a provider, and in all. */
  spendings(provider: string): Spendings {
    const sums = { provider: { spent: 0n, deposited: 0n }, all: { spent: 0n, deposited: 0n } };
    for (const { ledger } of this.#channels.values()) {
      const isTheirs = ledger.record.provider.toLowerCase() === provider.toLowerCase();
      for (const sum of isTheirs ? [sums.provider, sums.all] : [sums.all]) {
        sum.spent += ledger.spent;
        sum.deposited += ledger.pledged;
      }
    }
    return sums;
  }

  /**
   * Holds what a call may cost and signs for it, with a deposit where the channel has too little.
   *
   * @throws LiveError `BUDGET_...`, `WALLET_...`, `CHAIN_MISMATCH`, `TOKEN_BALANCE_LOW`; ChainError if the chain must be asked
   *   and fails.
   */
  async pay(offer: Offer, reserve: bigint, resource: string): Promise<Payment> {
    const { budget } = this.#with;
    const channel = this.#known.get(offer) ?? (await this.#open(offer));
    this.#known.set(offer, channel);
    const { ledger } = channel;
    this.#forgetLate(channel);
    // Between the last look at the budget and `hold` nothing is awaited, so calls side by side cannot both take what is left.
    let ceiling = ledger.ceilingOf(reserve);
    while (ceiling > ledger.deposited || ledger.record.isUnsure || channel.ready !== undefined) {
      requireWithin(budget, this.spendings(offer.provider), reserve);
      if (channel.depositing !== undefined) {
        if (ceiling <= ledger.deposited) {
          break;
        }
        await channel.depositing;
      } else if (ledger.record.isUnsure) {
        const { deposited } = await this.#look(channel.id);
        ledger.setDeposited(deposited);
      } else {
        return await this.#deposit(offer, channel, reserve, resource);
      }
      ceiling = ledger.ceilingOf(reserve);
    }
    requireWithin(budget, this.spendings(offer.provider), reserve);
    const hold = ledger.hold(reserve);
    return await this.#sealed(channel, hold, async () => {
      const [voucher] = await Promise.all([this.#voucher(channel, hold), this.save(channel)]);
      const payload = { type: "voucher", channelConfig: channel.config, voucher } as const;
      const header = paymentHeader(offer, { chainId: this.#with.chainId, reserve, resource, payload });
      return { channel, hold, header, isDeposit: false, arrived: () => undefined };
    });
  }

  /**
   * Has a deposit signed that goes with the next call to the provider, in place of one that was signed for it before.
   *
   * @throws LiveError as {@link pay} does, and `CALL_INVALID` for less than the provider takes. Then nothing has changed.
   */
  async topUp(offer: Offer, amount: bigint): Promise<TopUp> {
    const least = BigInt(offer.live.minDeposit);
    if (amount < least) {
      const sentence = `The provider takes deposits of ${least} or more, not of ${amount}.`;
      throw new LiveError("CALL_INVALID", sentence, { details: { least, amount } });
    }
    const channel = await this.#open(offer);
    const { id, config, ledger } = channel;
    this.#forgetLate(channel);
    const former = channel.ready;
    const more = greater(amount - (former?.amount ?? 0n), 0n);
    depositWithin(this.#with.budget, this.spendings(offer.provider), { needed: more, least: 0n, wished: more });
    channel.ready = undefined; // no call may take it while another is signed in its place
    ledger.pledge(more);
    try {
      const seconds = TOP_UP_SECONDS + DEPOSIT_SECONDS; // the last call needs as long as any to bring it on chain
      const signed = await signDeposit(offer, { id, config, amount, seconds }, this.#with);
      ledger.pledge(amount - more - (former?.amount ?? 0n));
      this.#keepReady(channel, signed);
      return { provider: offer.provider, channelId: id, amount, until: signed.until / 1_000 - DEPOSIT_SECONDS };
    } catch (error) {
      ledger.pledge(-more);
      if (former !== undefined) {
        this.#keepReady(channel, former);
      }
      throw error;
    }
  }

  /**
   * Takes up a channel of this wallet that the store does not know.
   *
   * @returns Whether there was something in it to take up.
   */
  async takeUp(config: ChannelConfig): Promise<boolean> {
    const { chainId, signer } = this.#with;
    const id = channelId({ chainId, config });
    if (this.#channels.has(id) || this.#opening.has(id)) {
      return false;
    }
    const { deposited, claimed } = await this.#look(id);
    if (deposited === claimed) {
      return false;
    }
    // Who lost another key signs no more by it: what it spent is claimed, or will be before the rest comes back.
    const isOurs = isAddressEqual(config.payerAuthorizer, signer.authorizer);
    const money = { ...unknown({ deposited, claimed }), ...(isOurs ? {} : { doubt: 0n, signed: claimed }) };
    const channel = this.#add({ channelId: id, chainId, provider: config.receiver, config, ...money });
    await this.save(channel);
    return true;
  }

  /** Marks the channels with a provider of which nothing is bought any more. */
  async drop(provider: string, reason: string): Promise<void> {
    const theirs = this.channels.filter(
      ({ ledger }) => ledger.record.provider.toLowerCase() === provider.toLowerCase(),
    );
    for (const channel of theirs) {
      channel.ledger.drop(reason);
      await this.save(channel);
    }
  }

  /** Keeps a channel as it stands. */
  save({ ledger }: Channel): Promise<void> {
    return this.#with.store.save(ledger.record);
  }

  async #deposit(offer: Offer, channel: Channel, reserve: bigint, resource: string): Promise<Payment> {
    const { id, config, ledger } = channel;
    const needed = ledger.ceilingOf(reserve) - ledger.deposited;
    const ready = this.#takeReady(channel, needed);
    const amount = ready?.amount ?? this.#amountOf(offer, reserve, needed);
    let until = ready?.until ?? 0;
    const hold = ledger.hold(reserve);
    ledger.beginDeposit(amount);
    const { promise, resolve } = Promise.withResolvers<void>();
    channel.depositing = promise;
    const end = (how: "arrived" | "late" | "unsent") => {
      if (channel.depositing === promise) {
        channel.depositing = undefined;
        how === "late" ? channel.late.push({ amount, until }) : ledger.endDeposit(amount, how === "arrived");
        resolve();
      }
    };
    const arrived = (isTaken: boolean) => end(isTaken ? "arrived" : "late");
    return await this.#sealed(
      channel,
      hold,
      async () => {
        const [voucher, deposit] = await Promise.all([
          this.#voucher(channel, hold),
          ready ?? signDeposit(offer, { id, config, amount, seconds: DEPOSIT_SECONDS }, this.#with),
          this.save(channel),
        ]);
        until = deposit.until;
        const payload = { type: "deposit", channelConfig: config, voucher, deposit: deposit.payload } as const;
        return {
          channel,
          hold,
          header: paymentHeader(offer, { chainId: this.#with.chainId, reserve, resource, payload }),
          isDeposit: true,
          arrived,
        };
      },
      () => {
        end("unsent");
        if (ready !== undefined) {
          ledger.pledge(ready.amount);
          this.#keepReady(channel, ready);
        }
      },
    );
  }

  /** How much a call's deposit is to be. */
  #amountOf({ live, provider }: Offer, reserve: bigint, needed: bigint): bigint {
    const { deposit, depositMultiple, budget } = this.#with;
    const wish = { needed, least: BigInt(live.minDeposit), wished: deposit ?? depositMultiple * reserve };
    return depositWithin(budget, this.spendings(provider), wish);
  }

  /** The deposit that was signed ahead. One that would not do is dropped: another is signed for all that is needed. */
  #takeReady(channel: Channel, needed: bigint): SignedDeposit | undefined {
    const { ready, ledger } = channel;
    channel.ready = undefined;
    ledger.pledge(-(ready?.amount ?? 0n));
    return ready !== undefined && ready.amount >= needed ? ready : undefined;
  }

  /** Puts a deposit, which is pledged, in place of what was signed ahead. */
  #keepReady(channel: Channel, deposit: SignedDeposit): void {
    channel.ledger.pledge(-(channel.ready?.amount ?? 0n));
    channel.ready = deposit;
  }

  /** Lets go of deposits that nobody can bring on chain any more, or that are too old to be sent. */
  #forgetLate(channel: Channel): void {
    const { late, ledger, ready } = channel;
    const now = this.#with.fate.now();
    if (ready !== undefined && ready.until <= now + DEPOSIT_SECONDS * 1_000) {
      this.#takeReady(channel, 0n);
    }
    const over = late.filter(({ until }) => until <= now);
    for (const one of over) {
      late.splice(late.indexOf(one), 1);
      ledger.endDeposit(one.amount, false);
    }
  }

  /** Makes what is sent; if that fails nothing left, and nothing is held. */
  async #sealed(
    channel: Channel,
    hold: Hold,
    make: () => Promise<Payment>,
    undo: () => void = () => undefined,
  ): Promise<Payment> {
    try {
      return await make();
    } catch (error) {
      channel.ledger.release(hold);
      undo();
      throw error;
    }
  }

  async #voucher({ id }: Channel, { ceiling }: Hold) {
    const { signer, chainId } = this.#with;
    const voucher = { channelId: id, maxClaimableAmount: ceiling };
    const signature = await signer.signVoucher({ chainId, voucher });
    return { channelId: id, maxClaimableAmount: ceiling.toString(), signature };
  }

  async #open(offer: Offer): Promise<Channel> {
    const { chainId, signer, name } = this.#with;
    const owner = { payer: signer.account.address, authorizer: signer.authorizer, name };
    const config = channelConfigOf(offer, owner);
    const id = channelId({ chainId, config });
    const known = this.#channels.get(id) ?? this.#opening.get(id);
    if (known !== undefined) {
      return known;
    }
    // One that the store does not know is most likely new, but the chain says.
    const opening = this.#look(id)
      .then((found) => this.#add({ channelId: id, chainId, provider: offer.provider, config, ...unknown(found) }))
      .finally(() => this.#opening.delete(id));
    this.#opening.set(id, opening);
    return await opening;
  }

  #add(record: Omit<ChannelRecord, "isUnsure" | "dropped">): Channel {
    const channel = this.#channelOf({ ...record, isUnsure: false, dropped: undefined }, false);
    this.#channels.set(channel.id, channel);
    return channel;
  }

  /** What the chain has of a channel, token units. */
  async #look(id: Hex): Promise<{ readonly deposited: bigint; readonly claimed: bigint }> {
    const [deposited, claimed] = await readChannel(this.#with.client, { functionName: "channels", args: [id] });
    return { deposited, claimed };
  }

  #channelOf(record: ChannelRecord, isLent = true): Channel {
    const { channelId: id, config } = record;
    return {
      id,
      config,
      ledger: new ChannelLedger(record, this.#with.fate.now(), isLent),
      depositing: undefined,
      ready: undefined,
      late: [],
    };
  }
}

/** The money of a channel of which the chain alone is known: all in it may have been signed for. */
function unknown({ deposited, claimed }: { readonly deposited: bigint; readonly claimed: bigint }) {
  return { deposited, charged: claimed, doubt: deposited - claimed, signed: deposited };
}
