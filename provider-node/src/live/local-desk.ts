import {
  callSeed,
  type DepositPayload,
  decodeOutput,
  depositNonce,
  type Pricing,
  priceOf,
} from "@touchstone/sdk/protocol";
import { type Hex, keccak256 } from "viem";
import { depositAction, exactAction } from "../chain/settlement.ts";
import { NodeError } from "../errors.ts";
import type { CallRow } from "../store/calls.ts";
import type { ChannelAccount, Held, HoldFault, SignedCeiling } from "./account.ts";
import { PaidCall, type Purse } from "./call.ts";
import type { Delivery } from "./carrier.ts";
import type { Admission, Ask, LiveDesk, LiveTerms, Refund, Refusal } from "./desk.ts";
import type { DeskParts } from "./desk-parts.ts";
import { channelState, paymentResponse } from "./offers.ts";
import type { Payment } from "./payment.ts";
import { channelPurse, EXACT_PAYMENT, exactPurse, paymentName } from "./purses.ts";
import { later, repricedFor, retryable, stillRunning } from "./refusals.ts";
import type { PaymentFault } from "./x402-errors.ts";

/** What each hindrance of a channel is to its payer. */
const HOLD_FAULTS: Readonly<Record<HoldFault, readonly [PaymentFault, string]>> = {
  low: ["PAYMENT_TOO_LOW", "The channel's vouchers do not cover this call. See `channelState`."],
  poor: ["PAYMENT_TOO_LOW", "The channel's money does not cover this call: deposit. See `channelState`."],
  leaving: ["CHANNEL_LEAVING", "The channel's money is asked back. Pay by another channel."],
  refunding: ["CHANNEL_BUSY", "The channel's money is being given back. Pay by another channel, or later."],
};

/** A request that was measured, with what it costs at most and what names it. */
interface Wanted extends Ask {
  readonly pricing: Pricing;
  readonly reserve: bigint;
  readonly requestHash: Hex;
}

/** The desk of this node. */
export class LocalLiveDesk implements LiveDesk {
  readonly #parts: DeskParts;
  /** Exact payments whose calls run, with the hash of the request. */
  readonly #exact = new Map<Hex, Hex>();
  #running = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  terms(): LiveTerms {
    return this.#parts.terms;
  }

  /** Calls that run. */
  get running(): number {
    return this.#running;
  }

  async admit(ask: Ask): Promise<Admission> {
    const { offers, payments } = this.#parts;
    const { promptTokens: inputTokens, maxTokens: outputTokens, items = 1, resource, payment: header } = ask;
    const pricing = this.#parts.pricing(ask.model);
    const reserve = priceOf(pricing, { items, inputTokens, outputTokens });
    const offer = { amount: reserve, resource };
    if (header === undefined) {
      return offers.required(offer, "PAYMENT_REQUIRED", "This call is paid for: see the PAYMENT-REQUIRED header.");
    }
    const closed = this.#closed();
    if (closed !== undefined) {
      return closed;
    }
    const payment = payments.read(header);
    if ("fault" in payment) {
      return offers.required(offer, payment.fault, payment.message);
    }
    const wanted = { ...ask, pricing, reserve, requestHash: keccak256(ask.bytes) };
    try {
      return await this.#admitPaid(wanted, payment);
    } catch (error) {
      return retryable(error);
    }
  }

  async refund({ payment: header, resource }: Parameters<LiveDesk["refund"]>[0]): Promise<Refund> {
    const { offers, payments, ledger, refunds, terms } = this.#parts;
    const offer = { amount: 0n, resource };
    if (header === undefined) {
      return offers.required(offer, "PAYMENT_REQUIRED", "Calls are paid for: see the PAYMENT-REQUIRED header.");
    }
    const payment = payments.read(header);
    if ("fault" in payment) {
      return offers.required(offer, payment.fault, payment.message);
    }
    if (payment.kind !== "refund") {
      return offers.required(offer, "PAYMENT_INVALID", "Only a refund is asked for by GET.");
    }
    const { payload } = payment;
    try {
      const account = await ledger.open(payload.voucher.channelId, payload.channelConfig);
      const problem = refunds.problemOf(account, payload);
      if (problem !== undefined) {
        return offers.required(offer, problem.fault, problem.message, account.corrective());
      }
      const { amount, transaction } = await refunds.begin(account, payload);
      const extra = { channelState: channelState(account.corrective()) };
      const { network } = terms;
      const settled = { network, payer: account.config.payer, transaction, amount, extra };
      return { kind: "refunded", paymentResponse: paymentResponse(settled) };
    } catch (error) {
      const isRefused = error instanceof NodeError && error.code === "TRANSACTION_REVERTED";
      return isRefused ? offers.required(offer, "REFUND_REFUSED", error.message) : retryable(error);
    }
  }

  #admitPaid(wanted: Wanted, payment: Payment): Promise<Admission> | Admission {
    switch (payment.kind) {
      case "exact":
        return this.#admitExact(wanted, payment);
      case "voucher":
        return this.#admitVoucher(wanted, payment);
      default:
        return this.#refuse(wanted, "PAYMENT_INVALID", "A refund buys nothing: send it by GET.");
    }
  }

  /** No await stands between the look at what is running ({@link #before}) and the entry of this call among it. */
  async #admitVoucher(wanted: Wanted, { payload }: Extract<Payment, { kind: "voucher" }>): Promise<Admission> {
    const { ledger, now, claims } = this.#parts;
    const { reserve, requestHash } = wanted;
    const { channelConfig, voucher } = payload;
    const account = await ledger.open(voucher.channelId, channelConfig);
    const ceiling = BigInt(voucher.maxClaimableAmount);
    const name = paymentName(ceiling);
    const deposit = payload.type === "deposit" ? this.#due(payload) : undefined;
    const hindrance = account.faultOf({ ceiling }, reserve, deposit?.amount);
    if (hindrance === "poor" || hindrance === "leaving") {
      await ledger.lookAgain(account);
    }
    const before = this.#before(wanted, account, ceiling);
    if (before !== undefined) {
      return before;
    }
    const refusal = this.#unfit(wanted, account, { ceiling }, deposit);
    if (refusal !== undefined) {
      return refusal;
    }
    account.running.set(name, requestHash);
    const held = account.hold({ ceiling, signature: voucher.signature }, reserve);
    let delivery: Delivery | undefined;
    const transaction = () => (delivery?.has === "landed" ? delivery.transaction : "");
    const onCharge = (charged: ChannelAccount) => claims.onCharge(charged);
    const purse = channelPurse({ account, held, payment: name, now, onCharge, transaction });
    return this.#begin(wanted, purse, async () => {
      delivery = deposit === undefined ? undefined : await this.#bringDeposit(account, deposit);
      if (delivery?.has === "failed") {
        const message = `The deposit is refused by the chain: ${delivery.reason}.`;
        return this.#refuse(wanted, "DEPOSIT_REFUSED", message, account);
      }
      return (await this.#secure(wanted, account, held)) ?? purse;
    });
  }

  /** What is known of this very payment: a call that runs, one that was answered, or one for another request. */
  #before(wanted: Wanted, account: ChannelAccount, ceiling: bigint): Promise<Admission> | Admission | undefined {
    const { store } = this.#parts;
    const running = account.running.get(paymentName(ceiling));
    if (running !== undefined) {
      return running === wanted.requestHash ? stillRunning() : this.#used(wanted, account);
    }
    if (ceiling > account.voucher.ceiling) {
      return undefined; // Higher than all before, so new.
    }
    const row = store.calls.ofPayment(account.id, paymentName(ceiling));
    if (row !== undefined) {
      return this.#again(wanted, row, account);
    }
    const floor = store.channels.get(account.id)?.floor ?? 0n;
    return ceiling <= floor && wanted.reserve > 0n ? this.#used(wanted, account) : undefined;
  }

  /** The same payment for the same request is the same answer; for another request it buys nothing. */
  async #again(wanted: Wanted, row: CallRow, account?: ChannelAccount): Promise<Admission> {
    const { store, receipts } = this.#parts;
    const isSame = row.receipt.requestHash === wanted.requestHash && row.receipt.model === wanted.model;
    const output = isSame ? await store.blobs.get(row.outputHash) : undefined;
    if (output === undefined) {
      return this.#used(wanted, account);
    }
    const signature = row.signature ?? (await receipts.sign(row.receipt));
    return { kind: "replay", settled: this.#parts.settled(row, signature, decodeOutput(output), ""), output };
  }

  #unfit(wanted: Wanted, account: ChannelAccount, voucher: Pick<SignedCeiling, "ceiling">, deposit?: Due) {
    const { terms } = this.#parts;
    const repriced = repricedFor(wanted);
    if (repriced !== undefined) {
      return repriced;
    }
    if (deposit !== undefined && deposit.amount < BigInt(terms.minDeposit)) {
      const message = `A deposit must be of ${terms.minDeposit} units or more.`;
      return this.#refuse(wanted, "DEPOSIT_TOO_LOW", message, account);
    }
    if (deposit !== undefined && deposit.validBefore <= this.#parts.now() + this.#parts.landingSeconds) {
      return this.#refuse(wanted, "DEPOSIT_EXPIRED", "The deposit's authorization is over, or nearly so.", account);
    }
    const fault = account.faultOf(voucher, wanted.reserve, deposit?.amount);
    if (fault !== undefined) {
      return this.#refuse(wanted, ...HOLD_FAULTS[fault], account);
    }
    return this.#full(wanted);
  }

  /** A deposit that is still to be brought to the chain. */
  #due({ channelConfig, voucher, deposit }: DepositPayload): Due | undefined {
    const { salt, validBefore } = deposit.authorization.erc3009Authorization;
    const nonce = depositNonce({ channelId: voucher.channelId, salt: BigInt(salt) });
    const action = depositAction({ channelConfig, deposit });
    const due = { nonce, amount: BigInt(deposit.amount), validBefore: Number(validBefore), action };
    return this.#parts.carrier.hasLanded(nonce) ? undefined : due;
  }

  async #bringDeposit(account: ChannelAccount, due: Due): Promise<Delivery> {
    const { payer } = account.config;
    const delivery = await this.#parts.carrier.bring({ ...due, id: due.nonce, kind: "deposit", payer });
    await this.#parts.ledger.sync(account);
    return delivery;
  }

  /** Before a call begins: the money is still there, and its number can never come again. */
  async #secure(wanted: Wanted, account: ChannelAccount, held: Held): Promise<Refusal | undefined> {
    await this.#parts.ledger.secure(account, held);
    const { balance, withdrawalAt } = account.chain;
    const isCovered = account.charged + account.held <= balance && withdrawalAt === 0;
    return isCovered ? undefined : this.#refuse(wanted, ...HOLD_FAULTS.poor, account);
  }

  #admitExact(wanted: Wanted, payment: Extract<Payment, { kind: "exact" }>): Promise<Admission> | Admission {
    const { store, offers, carrier, terms, now, landingSeconds } = this.#parts;
    const { id, payload } = payment;
    const { from, value, validBefore, nonce } = payload.authorization;
    const running = this.#exact.get(id);
    if (running !== undefined) {
      return running === wanted.requestHash ? stillRunning() : this.#used(wanted);
    }
    const row = store.calls.ofPayment(id, EXACT_PAYMENT);
    if (row !== undefined) {
      return this.#again(wanted, row);
    }
    const repriced = repricedFor(wanted);
    if (repriced !== undefined) {
      return repriced;
    }
    const least = offers.exactAmount(wanted.reserve);
    if (BigInt(value) < least) {
      return this.#refuse(wanted, "EXACT_VALUE", `An exact payment for this call must be of ${least} units.`);
    }
    // One that this node has sent may still be found landed; a new one must have time to land.
    if (store.transfers.get(id) === undefined && Number(validBefore) <= now() + landingSeconds) {
      return this.#refuse(wanted, "EXACT_TIME", "The authorization is over, or nearly so.");
    }
    const full = this.#full(wanted);
    if (full !== undefined) {
      return full;
    }
    this.#exact.set(id, wanted.requestHash);
    let delivery: Delivery | undefined;
    const transaction = () => (delivery?.has === "landed" ? delivery.transaction : "");
    const purse = exactPurse(payment, this.#exact, transaction);
    const parcel = { id, kind: "exact", amount: purse.reserve, payer: from, nonce } as const;
    const action = exactAction(terms.asset, payload);
    return this.#begin(wanted, purse, async () => {
      delivery = await carrier.bring({ ...parcel, validBefore: Number(validBefore), action });
      const message = `The transfer is refused by the chain: ${delivery.has === "failed" ? delivery.reason : ""}.`;
      return delivery.has === "landed" ? purse : this.#refuse(wanted, "EXACT_REFUSED", message);
    });
  }

  /** Readies a call that is entered already; lets it go again if it cannot be. */
  async #begin(wanted: Wanted, purse: Purse, ready: () => Promise<Purse | Refusal>): Promise<Admission> {
    const { provider } = this.#parts;
    const { model, bytes, items = 1, requestHash, pricing } = wanted;
    this.#running += 1;
    const counted: Purse = {
      ...purse,
      end: () => {
        purse.end();
        this.#running -= 1;
      },
    };
    const letGo = () => {
      counted.release();
      counted.end();
    };
    try {
      const paid = await ready();
      if ("kind" in paid) {
        letGo();
        return paid;
      }
    } catch (error) {
      letGo();
      throw error;
    }
    const seed = callSeed({ requestHash, provider, channelId: purse.id, seq: purse.seq });
    return {
      kind: "admitted",
      call: new PaidCall(this.#parts, counted, { model, bytes, items, requestHash, seed, pricing }),
    };
  }

  /** Whether the node takes calls at all. */
  #closed(): Refusal | undefined {
    const { isDraining, isSynced } = this.#parts;
    if (isDraining()) {
      return later("DRAINING", "The node takes no new calls now. Ask another provider.");
    }
    return isSynced() ? undefined : later("RPC_UNAVAILABLE", "The node has not caught up with the chain yet.");
  }

  /** Whether what this call leaves behind can be kept: told before any money moves. */
  #full({ bytes }: Wanted): Refusal | undefined {
    const { store, maxStoreBytes } = this.#parts;
    const isFull = store.usedBytes + bytes.length > maxStoreBytes;
    return isFull
      ? later("STORE_QUOTA_REACHED", "The node stores as much as it may. Ask another provider.")
      : undefined;
  }

  #used(wanted: Wanted, account?: ChannelAccount): Refusal {
    return this.#refuse(wanted, "PAYMENT_USED", "This payment has paid for another call. Sign a new one.", account);
  }

  #refuse({ reserve: amount, resource }: Wanted, code: PaymentFault, message: string, account?: ChannelAccount) {
    return this.#parts.offers.required({ amount, resource }, code, message, account?.corrective());
  }
}

/** A deposit that is still to be brought to the chain. */
interface Due {
  readonly nonce: Hex;
  /** Token units. */
  readonly amount: bigint;
  /** Unix seconds. */
  readonly validBefore: number;
  readonly action: ReturnType<typeof depositAction>;
}
