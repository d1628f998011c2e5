import { type Address, type Hex, stringToBytes } from "viem";
import * as z from "zod";
import { base64UrlToBytes, bytesToBase64Url } from "./base64.ts";
import { decodeUtf8, parseJson } from "./canonical.ts";
import { addressField, amountField, bytesField, hashField, uintField } from "./fields.ts";
import { FINISH_REASONS, type FinishReason } from "./output.ts";
import { parseAs } from "./parse-as.ts";
import type { Receipt } from "./receipt.ts";

/** A signed receipt as it travels, with what it takes to check it against the bytes received. */
export interface ReceiptEnvelope {
  readonly receipt: Receipt;
  /** Who signed: the provider itself, or an operator key of it. */
  readonly operator: Address;
  /** Over {@link receiptDigest}. */
  readonly signature: Hex;
  /** keccak256 of the exact bytes of the output; zero where the call was cut short. */
  readonly outputHash: Hex;
  /** Root of the trace; zero where there is none. */
  readonly traceRoot: Hex;
  /** As in the output. */
  readonly finishReason?: FinishReason;
  /** Ids of the tokens of the text, without which the output cannot be rebuilt. Left out of headers. */
  readonly tokens?: readonly number[];
}

/** The request and response header that asks for a receipt's tokens, and carries the receipt. */
export const RECEIPT_HEADER = "touchstone-receipt";

/** Value of the request header {@link RECEIPT_HEADER} that asks for token ids and, in streams, for {@link RECEIPT_EVENT}. */
export const RECEIPT_FULL = "full";

/** The name of the last server-sent event before `[DONE]`, and the start of the comment that stands in for it. */
export const RECEIPT_EVENT = "touchstone.receipt";

/** Longest text of an envelope that is read, in characters: 2^20 token ids fit. */
const MAX_ENVELOPE_LENGTH = 2 ** 24;

const count = uintField(32);

const receiptSchema = z.strictObject({
  provider: addressField,
  payer: addressField,
  model: hashField,
  channelId: hashField,
  seq: amountField.transform(BigInt),
  cumulative: amountField.transform(BigInt),
  requestHash: hashField,
  resultRoot: hashField,
  promptTokens: count,
  completionTokens: count,
  amount: amountField.transform(BigInt),
  issuedAt: uintField(40),
});

/** A {@link ReceiptEnvelope} in JSON: its 64-bit integers as decimal strings. */
export const receiptEnvelopeSchema = z.object({
  receipt: receiptSchema,
  operator: addressField,
  signature: bytesField,
  outputHash: hashField,
  traceRoot: hashField,
  finishReason: z.enum(FINISH_REASONS).optional(),
  tokens: z.array(count).optional(),
});

/** An envelope as JSON. */
export function encodeEnvelope({ receipt, ...rest }: ReceiptEnvelope): string {
  const { seq, cumulative, amount } = receipt;
  const wire = { ...receipt, seq: seq.toString(), cumulative: cumulative.toString(), amount: amount.toString() };
  return JSON.stringify({ receipt: wire, ...rest });
}

/** The envelope behind its JSON. Throws `INVALID_DATA` for anything else. */
export function decodeEnvelope(text: string): ReceiptEnvelope {
  const value = text.length > MAX_ENVELOPE_LENGTH ? undefined : parseJson(text);
  const { finishReason, tokens, ...rest } = parseAs(receiptEnvelopeSchema, value, "receipt");
  return { ...rest, ...(finishReason !== undefined && { finishReason }), ...(tokens !== undefined && { tokens }) };
}

/** An envelope for a header or an SSE comment: base64url of its JSON, without the tokens. */
export function encodeEnvelopeHeader({ tokens: _, ...envelope }: ReceiptEnvelope): string {
  return bytesToBase64Url(stringToBytes(encodeEnvelope(envelope)));
}

/** The envelope in a header. Throws `INVALID_DATA` for anything else. */
export function decodeEnvelopeHeader(header: string): ReceiptEnvelope {
  const bytes = header.length > MAX_ENVELOPE_LENGTH ? undefined : base64UrlToBytes(header);
  return decodeEnvelope((bytes && decodeUtf8(bytes)) ?? "");
}
