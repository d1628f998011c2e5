import { zeroHash } from "viem";
import * as z from "zod";
import { addressField, amountField, bytesField, hashField, uintField } from "./fields.ts";
import type { JobSpec } from "./job.ts";
import { parseAs } from "./parse-as.ts";

// What travels between buyers and nodes over HTTP; see docs/protocol.md.

/** A job spec in JSON: as in Solidity, its price as a decimal string. */
export const wireJobSpecSchema = z.strictObject({
  client: addressField,
  provider: addressField,
  model: hashField,
  input: hashField,
  items: uintField(32),
  price: amountField,
  acceptBy: uintField(40),
  submitWithin: uintField(32),
  challengeWindow: uintField(32),
  flags: uintField(8),
  callback: addressField,
  callbackGas: uintField(32),
  salt: hashField,
});
export type WireJobSpec = z.infer<typeof wireJobSpecSchema>;

/** Body of `POST /quotes`. */
export const quoteRequestSchema = z.strictObject({ spec: wireJobSpecSchema });
export type QuoteRequest = z.infer<typeof quoteRequestSchema>;

/** Answer to `POST /quotes`: what `postAccepted` takes. */
export const signedQuoteSchema = z.object({
  spec: wireJobSpecSchema,
  quote: z.object({ job: hashField, validUntil: uintField(40) }),
  /** The provider or its operator. */
  signer: addressField,
  /** Over the EIP-712 digest of the quote. */
  signature: bytesField,
});
export type SignedQuote = z.infer<typeof signedQuoteSchema>;

/** Body of `POST /orders`. */
export const signedOrderSchema = z.strictObject({
  spec: wireJobSpecSchema,
  /** The client's, over the job id. */
  signature: bytesField,
});
export type SignedOrder = z.infer<typeof signedOrderSchema>;

/** Answer to `POST /orders`. */
export const orderReceiptSchema = z.object({ job: hashField });
export type OrderReceipt = z.infer<typeof orderReceiptSchema>;

/** Body of every refusal. */
export const errorBodySchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** The `code` of a node's refusal to show results whose root is not confirmed on chain yet. */
export const RESULT_PENDING = "RESULT_PENDING";

/** Answer to `GET /jobs/{id}`. */
export const jobProgressSchema = z.object({
  job: hashField,
  /** The duty the node is at, such as `execute`. */
  stage: z.string(),
  /** Items that are done. */
  done: z.int().nonnegative(),
  items: z.int().positive(),
  /** Why the node gave up. */
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** Answer to `GET /results/{job}`: the leaves behind a submitted root. */
export const resultListSchema = z.object({
  job: hashField,
  provider: addressField,
  root: hashField,
  /** In order of their index. */
  items: z
    .array(
      z.object({
        outputHash: hashField,
        traceRoot: hashField,
        /** keccak256 of the whole trace, by which it is fetched; zero where there is none. */
        traceHash: hashField.default(zeroHash),
      }),
    )
    .min(1),
});
export type ResultList = z.infer<typeof resultListSchema>;

/** Answer to `GET /inputs/{root}`: the request hashes in order. */
export const inputListSchema = z.object({ requests: z.array(hashField).min(1) });
export type InputList = z.infer<typeof inputListSchema>;

/** Body of `POST /inputs`: the exact texts of the requests, or each as `sealRequest` makes it, as text. */
export const inputUploadSchema = z.union([
  z.strictObject({ requests: z.array(z.string()).min(1) }),
  z.strictObject({ sealed: z.array(z.string()).min(1) }),
]);
export type InputUpload = z.infer<typeof inputUploadSchema>;

/** Answer to `POST /inputs`; of sealed ones no request hash, for whoever has those may read. */
export const inputReceiptSchema = z.object({ root: hashField, requests: z.array(hashField).min(1).optional() });
export type InputReceipt = z.infer<typeof inputReceiptSchema>;

/** A spec as it travels in JSON. */
export function specToWire(spec: JobSpec): WireJobSpec {
  return { ...spec, price: spec.price.toString() };
}

/** The spec behind its JSON. Throws `INVALID_DATA` for anything else. */
export function specFromWire(wire: unknown): JobSpec {
  const spec = parseAs(wireJobSpecSchema, wire, "job spec");
  return { ...spec, price: BigInt(spec.price) };
}
