import type { Address, Hex } from "viem";
import { TouchstoneError } from "../errors.ts";
import { receivedOutput } from "../protocol/assembler.ts";
import { encodeOutput } from "../protocol/output.ts";
import { type Receipt, receiptDigest, receiptJob } from "../protocol/receipt.ts";
import { checkReceipt, type ReceiptExpectation } from "../protocol/receipt-check.ts";
import type { ReceiptEnvelope } from "../protocol/receipt-envelope.ts";
import { lesser } from "./amount.ts";
import type { ReceivedAnswer } from "./answer-reader.ts";
import { reserveOf } from "./call-size.ts";
import type { OperatorKeys } from "./operator-keys.ts";
import type { Purse } from "./purse.ts";
import type { KeptReceipt, LiveFault, ReceiptStore } from "./receipt-store.ts";
import type { Reputation } from "./reputation.ts";
import type { Fate } from "./routing.ts";
import type { Timing } from "./track-record.ts";
import type { Sale } from "./try-offer.ts";

/** How a call ended that a provider was paid or signed for. */
export interface EndedCall {
  /** As the request's header named it. */
  readonly callId: string | undefined;
  readonly provider: Address;
  /** Model id. */
  readonly model: Hex;
  /** What it cost; where no receipt came, the most that it can have cost. Token units. */
  readonly amount: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly envelope: ReceiptEnvelope | undefined;
  readonly faults: readonly LiveFault[];
  /** Whether the answer did not come to its end. */
  readonly isCut: boolean;
}

/** What an auditor works with. */
export interface AuditorParameters {
  readonly chainId: number;
  readonly market: Address;
  /** Of receipts: the court's `receiptLifetime`, seconds. */
  readonly lifetime: number;
  readonly payer: Address;
  readonly purse: Purse;
  readonly reputation: Reputation;
  readonly keys: OperatorKeys;
  readonly receipts: ReceiptStore;
  readonly fate: Fate;
  /** Share of sound receipts that are handed to `recheck`. */
  readonly recheckShare: number;
  /** Has somebody else look at an answer. Nothing: it could not be judged. */
  readonly recheck: (kept: KeptReceipt) => Promise<KeptReceipt["recheck"]>;
  /** Brings to the court what it can judge; `other` is another receipt for the same call. */
  readonly accuse: (kept: KeptReceipt, other: KeptReceipt | undefined) => Promise<void>;
  readonly onCall: (call: EndedCall) => void;
  readonly onError: (error: unknown) => undefined;
}

/** Faults that may be this side's, or an accident: the provider rests, and is asked again. */
const FORGIVEN: readonly string[] = ["RECEIPT_TIME", "ANSWER_CUT"];

/** So many answers may be broken off by accident, and one in so many of all: then it is to keep them from the court. */
const CUTS_BY_ACCIDENT = 2;
const CALLS_A_CUT = 20;

/** Receipts of a channel that later ones are held against. */
const REMEMBERED = 256;

/** Settles calls, and holds receipts against what was sent and received, aside from the calls themselves. */
export class Auditor {
  readonly #with: AuditorParameters;
  readonly #recent = new Map<Hex, Promise<KeptReceipt[]>>();
  readonly #work = new Set<Promise<void>>();
  /** Answers that providers broke off, so that nobody can judge them. */
  readonly #cuts = new Map<Address, number>();

  constructor(parameters: AuditorParameters) {
    this.#with = parameters;
  }

  /** Ends a call that was answered; what its receipt says is checked aside. */
  answered(sale: Sale, answer: ReceivedAnswer, timing: Omit<Timing, "completionTokens">): void {
    const { purse, reputation, fate } = this.#with;
    const { channel, hold, isDeposit } = sale.payment;
    const { receipt } = answer;
    const faults: LiveFault[] = [];
    if (receipt === undefined) {
      channel.ledger.lose(hold, false, fate.now());
      faults.push({ code: "RECEIPT_MISSING", message: "The answer came to its end without a receipt." });
    } else {
      try {
        channel.ledger.settle(hold, receipt.receipt, fate.now());
      } catch (error) {
        faults.push(faultOf(error));
      }
      const completionTokens = receipt.receipt.completionTokens;
      reputation.succeed(sale.offer, isDeposit ? undefined : { ...timing, completionTokens });
    }
    this.#aside(async () => {
      await purse.save(channel);
      await (receipt === undefined
        ? this.#conclude(sale, undefined, faults)
        : this.#audit(sale, { ...answer, receipt }, faults));
    });
  }

  /** Ends a call that the client left. */
  left(sale: Sale): void {
    this.#lose(sale, true, []);
  }

  /** Ends a call that the provider broke off. */
  broke(sale: Sale): void {
    this.#with.reputation.fail(sale.offer);
    this.#lose(sale, false, []);
  }

  /** Counts an answer that was broken off. */
  #cutsTooOften(offer: Sale["offer"]): boolean {
    const cuts = (this.#cuts.get(offer.provider) ?? 0) + 1;
    this.#cuts.set(offer.provider, cuts);
    return cuts > CUTS_BY_ACCIDENT && cuts * CALLS_A_CUT > this.#with.reputation.of(offer).calls;
  }

  /** Buys nothing of a provider any more. */
  async #drop({ offer }: Pick<Sale, "offer">, reason: string): Promise<void> {
    this.#with.reputation.drop(offer.provider, reason);
    await this.#with.purse.drop(offer.provider, reason);
  }

  /** Tells of a payment that left without an answer; its channel knows. */
  lost(sale: Pick<Sale, "call" | "offer" | "payment">): void {
    this.#aside(async () => {
      await this.#with.purse.save(sale.payment.channel);
      await this.#conclude(sale, undefined, [], true);
    });
  }

  /** Resolves when all that was begun aside has ended. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) {
      await Promise.all(this.#work);
    }
  }

  #lose(sale: Sale, isOurs: boolean, faults: readonly LiveFault[]): void {
    const { purse, fate } = this.#with;
    const { channel, hold } = sale.payment;
    channel.ledger.lose(hold, isOurs, fate.now());
    this.#aside(async () => {
      await purse.save(channel);
      await this.#conclude(sale, undefined, faults, true);
    });
  }

  async #audit(sale: Sale, answer: ReceivedAnswer & { receipt: ReceiptEnvelope }, early: LiveFault[]): Promise<void> {
    const { receipts, fate, recheckShare, recheck, accuse, onError } = this.#with;
    const receivedAt = Math.floor(fate.now() / 1_000);
    const recent = await this.#recentOf(sale.payment.channel.id);
    const faults = [...early, ...(await this.#check(sale, answer, recent, receivedAt))];
    const kept = this.#keep(sale, answer, faults, receivedAt);
    const { seq } = answer.receipt.receipt;
    const other = recent.find(({ digest, envelope }) => envelope.receipt.seq === seq && digest !== kept.digest);
    recent.push(kept);
    recent.splice(0, Math.max(0, recent.length - REMEMBERED));
    await receipts.put(kept).catch(onError); // a full store spares no liar
    await this.#conclude(sale, answer.receipt, faults);
    if (other !== undefined) {
      await accuse(kept, other);
    }
    const isSound = faults.length === 0 && kept.output !== undefined && sale.offer.isVerified;
    if (isSound && fate.random() < recheckShare) {
      await this.#recheck(sale, kept, recheck);
    }
  }

  async #recheck(sale: Sale, kept: KeptReceipt, recheck: AuditorParameters["recheck"]): Promise<void> {
    const verdict = await recheck(kept).catch(this.#with.onError);
    if (!verdict) {
      return;
    }
    const fault = { code: "RECHECK_REFUTED", message: "Another provider's model does not agree with the answer." };
    const faults = verdict === "refuted" ? [...kept.faults, fault] : kept.faults;
    const checked = { ...kept, faults, recheck: verdict };
    await this.#with.receipts.put(checked);
    if (verdict === "refuted") {
      await this.#drop(sale, fault.code);
      await this.#with.accuse(checked, undefined);
    }
  }

  async #check(
    { call, offer, payment }: Sale,
    answer: ReceivedAnswer & { receipt: ReceiptEnvelope },
    recent: readonly KeptReceipt[],
    now: number,
  ): Promise<LiveFault[]> {
    const { chainId, market, lifetime, payer, keys } = this.#with;
    const { operator, receipt } = answer.receipt;
    const isJudged = call.route !== "embeddings";
    const expected: ReceiptExpectation = {
      ...{ chainId, market, lifetime, payer, now },
      provider: offer.provider,
      model: offer.model.id,
      channelId: payment.channel.id,
      requestBytes: call.committed,
      ...(isJudged && { text: answer.text, toolCalls: answer.toolCalls }),
      finishReason: answer.finishReason,
      tokens: answer.tokens,
      isUntokenised: !offer.isVerified,
      pricing: offer.model,
      reserve: reserveOf(offer.model, call.size),
      others: recent.map(({ envelope }) => envelope.receipt),
    };
    const isCut = isJudged && /^0x0+$/.test(receipt.resultRoot);
    const faults: LiveFault[] = await checkReceipt(answer.receipt, isCut ? { ...expected, text: undefined } : expected);
    if (isCut) {
      faults.push({ code: "ANSWER_CUT", message: "The provider broke the answer off, so that no court can judge it." });
    }
    if (!(await keys.maySign(offer.provider, operator, receipt.issuedAt))) {
      faults.push({ code: "RECEIPT_SIGNATURE", message: `${operator} was no valid key of the provider.` });
    }
    return faults;
  }

  #keep(
    { call, offer }: Sale,
    answer: ReceivedAnswer & { receipt: ReceiptEnvelope },
    faults: readonly LiveFault[],
    receivedAt: number,
  ): KeptReceipt {
    const { chainId, market, lifetime } = this.#with;
    const { receipt } = answer.receipt;
    const isWhole = call.route !== "embeddings" && faults.every(({ code }) => code !== "ANSWER_CUT");
    const { promptTokens } = receipt;
    return {
      digest: receiptDigest({ chainId, market, receipt }),
      job: receiptJob({ chainId, market, receipt, lifetime }),
      envelope: answer.receipt,
      endpoint: offer.endpoint,
      request: call.committed,
      output: isWhole && answer.text.isWellFormed() ? encodeOutput(receivedOutput(answer, promptTokens)) : undefined,
      receivedAt,
      faults,
      recheck: undefined,
    };
  }

  /** Draws the consequences of a call, and tells of it. */
  async #conclude(
    sale: Pick<Sale, "call" | "offer" | "payment">,
    envelope: ReceiptEnvelope | undefined,
    faults: readonly LiveFault[],
    isCut = false,
  ): Promise<void> {
    const { call, offer, payment } = sale;
    const { reserve } = payment.hold;
    const {
      amount: told = reserve,
      promptTokens = 0,
      completionTokens = 0,
    }: Partial<Receipt> = envelope?.receipt ?? {};
    const amount = lesser(told, reserve); // A receipt may say anything; the voucher does not reach further.
    const grave = faults.find(
      ({ code }) => !FORGIVEN.includes(code) || (code === "ANSWER_CUT" && this.#cutsTooOften(offer)),
    );
    if (grave !== undefined) {
      await this.#drop(sale, grave.code);
    } else if (faults.length > 0) {
      this.#with.reputation.fail(offer);
    }
    const { provider, model } = offer;
    const ended = { callId: call.callId, provider, model: model.id, amount, promptTokens, completionTokens };
    this.#with.onCall({ ...ended, envelope, faults, isCut });
  }

  #recentOf(channelId: Hex): Promise<KeptReceipt[]> {
    const known =
      this.#recent.get(channelId) ?? this.#with.receipts.list({ channelId }).then((all) => [...all].slice(-REMEMBERED));
    this.#recent.set(channelId, known);
    return known;
  }

  #aside(work: () => Promise<void>): void {
    const task: Promise<void> = new Promise<void>((resolve) => setTimeout(resolve, 0))
      .then(work)
      .catch(this.#with.onError)
      .finally(() => this.#work.delete(task));
    this.#work.add(task);
  }
}

function faultOf(error: unknown): LiveFault {
  if (error instanceof TouchstoneError) {
    return { code: error.code, message: error.message };
  }
  throw error;
}
