import type { Address, Hex } from "viem";
import { bytesToHex, hexToBytes } from "viem/utils";
import * as z from "zod";
import { bytesField, hashField } from "../protocol/fields.ts";
import { parseAs } from "../protocol/parse-as.ts";
import { decodeEnvelope, encodeEnvelope, type ReceiptEnvelope } from "../protocol/receipt-envelope.ts";

/** Why a receipt, or the answer that it is of, speaks against its provider. */
export interface LiveFault {
  /** A `ReceiptFaultCode`, `RECEIPT_MISSING`, `RECEIPT_DOUBLE`, `OVERCHARGED` or `RECHECK_REFUTED`. */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
}

/** A receipt with all that its holder needs to bring it to the court. */
export interface KeptReceipt {
  /** `receiptDigest`: names it. */
  readonly digest: Hex;
  /** `receiptJob`. */
  readonly job: Hex;
  readonly envelope: ReceiptEnvelope;
  /** Base of the provider's routes, where the trace is to be had. */
  readonly endpoint: string;
  /** The bytes that its request hash is over. */
  readonly request: Uint8Array;
  /** The bytes of the output, rebuilt from what was received; nothing where the call was cut short. */
  readonly output: Uint8Array | undefined;
  /** Unix seconds. */
  readonly receivedAt: number;
  readonly faults: readonly LiveFault[];
  /** What another provider found of it, where it was asked. */
  readonly recheck: "confirmed" | "refuted" | undefined;
}

/** Which receipts. All that is given must fit. */
export interface ReceiptCriteria {
  readonly provider?: Address | undefined;
  readonly channelId?: Hex | undefined;
  /** Only those that speak against their provider. */
  readonly isFaulty?: boolean | undefined;
}

/** Where receipts are kept. */
export interface ReceiptStore {
  /** Keeps a receipt, in place of what was kept of the same. */
  put(kept: KeptReceipt): Promise<void>;
  /** In the order in which they came. */
  list(criteria?: ReceiptCriteria): Promise<readonly KeptReceipt[]>;
}

/** Receipts that a memory keeps by default; the oldest go first. */
const DEFAULT_LIMIT = 10_000;

/** Keeps the latest receipts while the process lives. */
export function memoryReceiptStore(limit: number = DEFAULT_LIMIT): ReceiptStore {
  const receipts = new Map<Hex, KeptReceipt>();
  return {
    put(kept) {
      receipts.set(kept.digest, kept);
      for (const [digest] of receipts) {
        if (receipts.size <= limit) {
          break;
        }
        receipts.delete(digest);
      }
      return Promise.resolve();
    },
    list: (criteria = {}) => Promise.resolve([...receipts.values()].filter((kept) => fits(kept, criteria))),
  };
}

/** Whether a receipt is one of those that are looked for. */
export function fits({ envelope, faults }: KeptReceipt, { provider, channelId, isFaulty }: ReceiptCriteria): boolean {
  const { receipt } = envelope;
  return (
    (provider === undefined || receipt.provider.toLowerCase() === provider.toLowerCase()) &&
    (channelId === undefined || receipt.channelId === channelId.toLowerCase()) &&
    (isFaulty === undefined || faults.length > 0 === isFaulty)
  );
}

const faultSchema = z.object({ code: z.string(), message: z.string() });

const keptSchema = z.object({
  digest: hashField,
  job: hashField,
  envelope: z.string(),
  endpoint: z.string(),
  request: bytesField,
  output: bytesField.optional(),
  receivedAt: z.int().nonnegative(),
  faults: z.array(faultSchema),
  recheck: z.enum(["confirmed", "refuted"]).optional(),
});

/** A kept receipt as one line of JSON. */
export function encodeKeptReceipt({ envelope, request, output, ...rest }: KeptReceipt): string {
  const bytes = { request: bytesToHex(request), ...(output && { output: bytesToHex(output) }) };
  return JSON.stringify({ ...rest, ...bytes, envelope: encodeEnvelope(envelope) });
}

/** The kept receipt behind its JSON, parsed. Throws `INVALID_DATA` for anything else. */
export function decodeKeptReceipt(value: unknown): KeptReceipt {
  const { envelope, request, output, recheck, ...rest } = parseAs(keptSchema, value, "kept receipt");
  return {
    ...rest,
    envelope: decodeEnvelope(envelope),
    request: hexToBytes(request),
    output: output === undefined ? undefined : hexToBytes(output),
    recheck,
  };
}
