import type { Address, Hex } from "viem";
import { isAddressEqual, keccak256, recoverAddress, zeroHash } from "viem";
import { receivedOutput } from "./assembler.ts";
import type { MarketReference } from "./job.ts";
import { encodeOutput, type FinishReason, outputHash, type ToolCall } from "./output.ts";
import { type Pricing, priceOf } from "./price.ts";
import { type Receipt, receiptDigest, receiptRoot } from "./receipt.ts";
import type { ReceiptEnvelope } from "./receipt-envelope.ts";

/** How a receipt is not what the buyer must have been given. */
export type ReceiptFaultCode =
  /** Not signed, or not by who may sign for the provider. */
  | "RECEIPT_SIGNATURE"
  /** Of another provider, payer, model or channel. */
  | "RECEIPT_PARTY"
  /** Of other bytes than were sent. */
  | "RECEIPT_REQUEST"
  /** Of another answer than was received. */
  | "RECEIPT_OUTPUT"
  /** Another amount than the price of the tokens, or above the reserve. */
  | "RECEIPT_AMOUNT"
  /** A number that another call of the channel has, or that is out of bounds. */
  | "RECEIPT_SEQ"
  /** What the channel was charged in all does not add up. */
  | "RECEIPT_CUMULATIVE"
  /** Issued at another time than the answer came. */
  | "RECEIPT_TIME";

/** One fault of a receipt. */
export interface ReceiptFault {
  readonly code: ReceiptFaultCode;
  /** A sentence for people. */
  readonly message: string;
}

/** The least and the most that a number may be. */
export interface Bounds {
  readonly least: bigint;
  readonly most: bigint;
}

/** Whose signature over what. */
export interface SignedDigest {
  readonly digest: Hex;
  readonly signer: Address;
  readonly signature: Hex;
}

/** What the buyer knows of the call. */
export interface ReceiptExpectation extends MarketReference {
  /** The court's `receiptLifetime`, seconds. */
  readonly lifetime: number;
  readonly provider: Address;
  readonly payer: Address;
  readonly model: Hex;
  readonly channelId: Hex;
  /** Keys that may sign, beside the provider itself. Left out: any that the envelope names, to be looked up elsewhere. */
  readonly operators?: readonly Address[] | undefined;
  /** Tells whether a signature holds. Default: that of a key's own; one of a contract (ERC-1271) needs the chain. */
  readonly verifySignature?: ((signed: SignedDigest) => Promise<boolean>) | undefined;
  /** The exact bytes that were sent; of a sealed request those that were sealed. */
  readonly requestBytes: Uint8Array;
  /** All text received. Left out where no whole answer was: then the receipt need not commit to one. */
  readonly text?: string | undefined;
  readonly finishReason?: FinishReason | undefined;
  readonly toolCalls?: readonly ToolCall[] | undefined;
  /** As received apart from the envelope, whose own come first. */
  readonly tokens?: readonly number[] | undefined;
  /** Whether the engine tells no token ids, so that an answer may come without any: never one of a verified model. */
  readonly isUntokenised?: boolean | undefined;
  readonly pricing: Pricing;
  /** The most that the call was to cost. Token units. */
  readonly reserve?: bigint | undefined;
  /** Where `seq` must lie, if the buyer keeps count. Failed calls leave gaps. */
  readonly seq?: Bounds | undefined;
  /** Where all that the channel was charged before this call must lie. Both the same with one call at a time. */
  readonly charged?: Bounds | undefined;
  /** Other receipts of the channel: none may have the same `seq`, nor charge the same part of the money. */
  readonly others?: readonly Pick<Receipt, "seq" | "cumulative" | "amount">[] | undefined;
  /** When the answer ended. Unix seconds. */
  readonly now: number;
}

/** Seconds that `issuedAt` may lie from when the buyer had the answer, either way. */
export const RECEIPT_CLOCK_SKEW = 30;

/** What is looked at of a receipt. */
export type ReceiptCheckName =
  | "signature"
  | "parties"
  | "request"
  | "output"
  | "amount"
  | "seq"
  | "cumulative"
  | "time";

/** One thing that was looked at of a receipt, as people are shown it. */
export interface ReceiptCheck<Name extends string = ReceiptCheckName> {
  readonly check: Name;
  readonly isPassed: boolean;
  /** What holds; or the fault's. */
  readonly sentence: string;
}

type Outcome = ReceiptFault | undefined;

interface Rule {
  readonly check: ReceiptCheckName;
  readonly code: ReceiptFaultCode;
  /** What holds where there is no fault. */
  readonly sentence: string;
  readonly find: (envelope: ReceiptEnvelope, expected: ReceiptExpectation) => Outcome | Promise<Outcome>;
}

/** All that is looked at, in order. */
const RULES: readonly Rule[] = [
  {
    ...{ check: "signature", code: "RECEIPT_SIGNATURE", find: checkSignature },
    sentence: "It is signed by a key of the provider.",
  },
  {
    ...{ check: "parties", code: "RECEIPT_PARTY", find: checkParties },
    sentence: "It is of this buyer, provider, model and channel.",
  },
  {
    ...{ check: "request", code: "RECEIPT_REQUEST", find: checkRequest },
    sentence: "It is of the very bytes that were sent.",
  },
  {
    ...{ check: "output", code: "RECEIPT_OUTPUT", find: checkOutput },
    sentence: "It is of the very answer that was received.",
  },
  {
    ...{ check: "amount", code: "RECEIPT_AMOUNT", find: checkAmount },
    sentence: "Its amount is the price of these tokens, and no more than the call was to cost.",
  },
  {
    ...{ check: "seq", code: "RECEIPT_SEQ", find: checkSeq },
    sentence: "No other call of the channel has its number.",
  },
  {
    ...{ check: "cumulative", code: "RECEIPT_CUMULATIVE", find: checkCumulative },
    sentence: "The channel was charged that and no more.",
  },
  {
    ...{ check: "time", code: "RECEIPT_TIME", find: checkTime },
    sentence: "It was issued when the answer came.",
  },
];

/**
 * Checks all of a receipt that needs neither model nor chain. Needs the envelope's tokens to tie the text to the receipt.
 *
 * @returns What speaks against the provider, at most one fault of each code; nothing if all is in order.
 */
export async function checkReceipt(envelope: ReceiptEnvelope, expected: ReceiptExpectation): Promise<ReceiptFault[]> {
  const outcomes = await Promise.all(RULES.map(({ find }) => find(envelope, expected)));
  return outcomes.filter((fault) => fault !== undefined);
}

/**
 * What {@link checkReceipt} looked at, line by line, in its order.
 *
 * @param faults What it found. Those of other codes, which others may have added, are left out.
 */
export function receiptChecks(
  faults: readonly { readonly code: string; readonly message: string }[],
): readonly ReceiptCheck[] {
  return RULES.map(({ check, code, sentence }) => {
    const fault = faults.find((one) => one.code === code);
    return { check, isPassed: fault === undefined, sentence: fault?.message ?? sentence };
  });
}

async function checkSignature(
  { receipt, operator, signature }: ReceiptEnvelope,
  { chainId, market, provider, operators, verifySignature = isOfKey }: ReceiptExpectation,
): Promise<ReceiptFault | undefined> {
  const digest = receiptDigest({ chainId, market, receipt });
  const isSigned = await verifySignature({ digest, signer: operator, signature });
  const isKnown = operators === undefined || [provider, ...operators].some((key) => isAddressEqual(key, operator));
  return faultUnless(isSigned && isKnown, "RECEIPT_SIGNATURE", "It is not signed by a key of the provider.");
}

async function isOfKey({ digest, signer, signature }: SignedDigest): Promise<boolean> {
  const key = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
  return key !== undefined && isAddressEqual(key, signer);
}

function checkParties({ receipt }: ReceiptEnvelope, expected: ReceiptExpectation): ReceiptFault | undefined {
  const { provider, payer, model, channelId } = expected;
  const isOfBoth = isAddressEqual(receipt.provider, provider) && isAddressEqual(receipt.payer, payer);
  const isOfCall = isSame(receipt.model, model) && isSame(receipt.channelId, channelId);
  return faultUnless(isOfBoth && isOfCall, "RECEIPT_PARTY", "It is of another provider, payer, model or channel.");
}

function checkRequest({ receipt }: ReceiptEnvelope, { requestBytes }: ReceiptExpectation): ReceiptFault | undefined {
  const isOfBytes = isSame(receipt.requestHash, keccak256(requestBytes));
  return faultUnless(isOfBytes, "RECEIPT_REQUEST", "It is of other bytes than were sent.");
}

function checkOutput(envelope: ReceiptEnvelope, expected: ReceiptExpectation): ReceiptFault | undefined {
  const { receipt, outputHash: claimed, traceRoot, finishReason = expected.finishReason } = envelope;
  const { chainId, market, lifetime, text, isUntokenised = false } = expected;
  const tokens = envelope.tokens ?? expected.tokens;
  const isCut = isSame(receipt.resultRoot, zeroHash);
  if (isCut) {
    return faultUnless(text === undefined, "RECEIPT_OUTPUT", "It commits to no answer, though there was one.");
  }
  const root = receiptRoot({ chainId, market, lifetime, receipt, outputHash: claimed, traceRoot });
  if (!isSame(root, receipt.resultRoot)) {
    return { code: "RECEIPT_OUTPUT", message: "Its root is not that of the hashes beside it." };
  }
  if (text === undefined) {
    return undefined;
  }
  if (!isUntokenised && (tokens === undefined || (tokens.length === 0 && text !== ""))) {
    return { code: "RECEIPT_OUTPUT", message: "The tokens of the text are missing." };
  }
  const output = receivedOutput({ ...expected, tokens }, receipt.promptTokens);
  const isOfText = text.isWellFormed() && isSame(outputHash(encodeOutput(output)), claimed);
  return faultUnless(
    isOfText && finishReason === expected.finishReason,
    "RECEIPT_OUTPUT",
    "It is of another answer than was received.",
  );
}

function checkAmount(envelope: ReceiptEnvelope, expected: ReceiptExpectation): ReceiptFault | undefined {
  const { amount, promptTokens, completionTokens } = envelope.receipt;
  const { pricing, reserve = amount, text, isUntokenised = false } = expected;
  const price = priceOf(pricing, { items: 1, inputTokens: promptTokens, outputTokens: completionTokens });
  const tokens = envelope.tokens ?? expected.tokens;
  const isCounted = text === undefined || isUntokenised || tokens === undefined || tokens.length === completionTokens;
  const isRight = amount === price && amount <= reserve && isCounted;
  return faultUnless(
    isRight,
    "RECEIPT_AMOUNT",
    `${amount} is not the price of the call, ${price}, or above its reserve.`,
  );
}

function checkSeq({ receipt: { seq } }: ReceiptEnvelope, expected: ReceiptExpectation): ReceiptFault | undefined {
  const { seq: bounds = { least: 1n, most: seq }, others = [] } = expected;
  const isFree = isWithin(seq, bounds) && seq > 0n && others.every((other) => other.seq !== seq);
  return faultUnless(isFree, "RECEIPT_SEQ", `The number ${seq} is another call's, or out of bounds.`);
}

function checkCumulative({ receipt }: ReceiptEnvelope, expected: ReceiptExpectation): ReceiptFault | undefined {
  const { cumulative, amount } = receipt;
  const before = cumulative - amount;
  const { charged = { least: 0n, most: before }, others = [] } = expected;
  const overlaps = others.some((other) => other.cumulative > before && other.cumulative - other.amount < cumulative);
  const isRight = before >= 0n && isWithin(before, charged) && !(amount > 0n && overlaps);
  return faultUnless(isRight, "RECEIPT_CUMULATIVE", `${cumulative} is not what the channel was charged in all.`);
}

function checkTime({ receipt: { issuedAt } }: ReceiptEnvelope, { now }: ReceiptExpectation): ReceiptFault | undefined {
  const isNow = Math.abs(issuedAt - now) <= RECEIPT_CLOCK_SKEW;
  return faultUnless(isNow, "RECEIPT_TIME", `It was issued at ${issuedAt}, and the answer came at ${now}.`);
}

function isWithin(value: bigint, { least, most }: Bounds): boolean {
  return least <= value && value <= most;
}

function isSame(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function faultUnless(isRight: boolean, code: ReceiptFaultCode, message: string): ReceiptFault | undefined {
  return isRight ? undefined : { code, message };
}
