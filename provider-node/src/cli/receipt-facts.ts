import type { KeptReceipt } from "@touchstone/sdk";
import {
  ContentError,
  decodeOutput,
  type Fault,
  faultOr,
  InvalidDataError,
  type MarketReference,
  marketAbi,
  type ReceiptFaultCode,
  readClaim,
  receiptDigest,
  receiptJob,
  receiptRoot,
} from "@touchstone/sdk/protocol";
import { isAddressEqual, keccak256, recoverAddress, zeroHash } from "viem";
import type { MarketClient } from "./market.ts";

/** How a receipt contradicts itself, another of its channel, or the answer that it commits to. */
export interface ReceiptFaultFound {
  readonly code: ReceiptFaultCode | Fault["code"];
  /** A sentence for people. */
  readonly message: string;
}

/** Where a receipt holds. */
export interface ReceiptPlace extends MarketReference {
  readonly client: MarketClient;
  /** The court's `receiptLifetime`, seconds. */
  readonly lifetime: number;
}

/**
 * Makes sure that a provider signed this receipt, on this market, and that request and output are those that it is of.
 *
 * @throws ContentError `CONTENT_ROOT_MISMATCH` if not: a file is whoever's word, so that says nothing about the provider.
 */
export async function bindReceipt(kept: KeptReceipt, { client, ...place }: ReceiptPlace): Promise<void> {
  const { envelope, request, output, digest, job } = kept;
  const { receipt, operator, signature, outputHash, traceRoot } = envelope;
  const { provider, requestHash, resultRoot, issuedAt } = receipt;
  const isOf = (isRight: boolean, what: string) => {
    if (!isRight) {
      const sentence = `The file is not about a receipt of ${provider}: ${what}. It says nothing about the provider.`;
      throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { digest, provider } });
    }
  };
  const isOfPlace = receiptDigest({ ...place, receipt }) === digest && receiptJob({ ...place, receipt }) === job;
  isOf(isOfPlace, "it is of another market or chain");
  const signer = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
  isOf(signer !== undefined && isAddressEqual(signer, operator), "nobody signed it");
  if (!isAddressEqual(operator, provider)) {
    const key = {
      address: place.market,
      abi: marketAbi,
      functionName: "operatorKey",
      args: [provider, operator],
    } as const;
    const { validFrom, validUntil } = await client.readContract(key);
    isOf(validFrom <= issuedAt && issuedAt < validUntil, `${operator} could not sign for it then`);
  }
  isOf(keccak256(request) === requestHash, "it is of another request than the file has");
  if (resultRoot !== zeroHash) {
    isOf(output !== undefined && keccak256(output) === outputHash, "it is of another output than the file has");
    isOf(receiptRoot({ ...place, receipt, outputHash, traceRoot }) === resultRoot, "its root is of other hashes");
  }
}

/** What a signed receipt, and the answer that it commits to, say against the provider by themselves: no model is run. */
export async function faultsOf(kept: KeptReceipt, others: readonly KeptReceipt[]): Promise<ReceiptFaultFound[]> {
  const { seq, cumulative, amount } = kept.envelope.receipt;
  const isPossible = seq > 0n && cumulative >= amount;
  const own = isPossible
    ? []
    : [fault("RECEIPT_CUMULATIVE", "It counts from nothing, or charged more than all in all.")];
  return [...own, ...againstOthers(kept, others), ...(await ofAnswer(kept))];
}

/** Receipts of one channel: none has the number of another, nor charges the same part of the money. */
function againstOthers(kept: KeptReceipt, others: readonly KeptReceipt[]): ReceiptFaultFound[] {
  const { provider, channelId, seq, cumulative, amount } = kept.envelope.receipt;
  const siblings = others
    .filter(({ digest }) => digest !== kept.digest)
    .map(({ envelope }) => envelope.receipt)
    .filter((other) => isAddressEqual(other.provider, provider) && other.channelId === channelId);
  const isDouble = siblings.some((other) => other.seq === seq);
  const isWithin = (other: (typeof siblings)[number]) =>
    other.amount > 0n && other.cumulative > cumulative - amount && other.cumulative - other.amount < cumulative;
  const overlaps = amount > 0n && siblings.some(isWithin);
  return [
    ...(isDouble ? [fault("RECEIPT_SEQ", `Another receipt of the channel has the number ${seq}, too.`)] : []),
    ...(overlaps ? [fault("RECEIPT_CUMULATIVE", "Another receipt of the channel charges the same part of it.")] : []),
  ];
}

async function ofAnswer({ envelope, request, output }: KeptReceipt): Promise<ReceiptFaultFound[]> {
  const { receipt } = envelope;
  if (receipt.resultRoot === zeroHash || output === undefined) {
    return [];
  }
  // Traces are held against the model only, with all the rest.
  const claim = { index: 0, request, output, trace: new Uint8Array(), traceRoot: zeroHash };
  const read = await faultOr(0, () => readClaim(claim, { isTraced: false }));
  return [...("code" in read ? [{ code: read.code, message: read.message }] : []), ...ofCounts(receipt, output)];
}

function ofCounts(
  { promptTokens, completionTokens }: KeptReceipt["envelope"]["receipt"],
  bytes: Uint8Array,
): ReceiptFaultFound[] {
  const output = decodedOr(bytes);
  if (output === undefined || "error" in output) {
    return [];
  }
  const { tokens } = output; // None from engines that tell no token ids.
  const isCounted = output.promptTokens === promptTokens && (tokens.length === 0 || tokens.length === completionTokens);
  return isCounted ? [] : [fault("RECEIPT_AMOUNT", "It charges other tokens than the answer has that it commits to.")];
}

function decodedOr(bytes: Uint8Array): ReturnType<typeof decodeOutput> | undefined {
  try {
    return decodeOutput(bytes);
  } catch (error) {
    if (error instanceof InvalidDataError) {
      return undefined;
    }
    throw error;
  }
}

function fault(code: ReceiptFaultCode, message: string): ReceiptFaultFound {
  return { code, message };
}
