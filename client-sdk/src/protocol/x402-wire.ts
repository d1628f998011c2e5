import { stringToBytes } from "viem/utils";
import * as z from "zod";
import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import { decodeUtf8, parseJson } from "./canonical.ts";
import { addressField, bytesField, hashField, uintField } from "./fields.ts";
import { parseAs, type Schema, type SchemaOutput } from "./parse-as.ts";
import { X402_VERSION } from "./x402.ts";

// The JSON of x402 version 2 in its three headers. What others may add is kept where it must travel back, else dropped.

/** The header of a 402 that says what a call would cost, and how it can be paid. */
export const PAYMENT_REQUIRED_HEADER = "PAYMENT-REQUIRED";
/** The request header that pays. */
export const PAYMENT_SIGNATURE_HEADER = "PAYMENT-SIGNATURE";
/** The header of a paid answer. */
export const PAYMENT_RESPONSE_HEADER = "PAYMENT-RESPONSE";

/** Longest payment header that is read, in characters. A deposit with a wrapped signature of a contract fits. */
export const MAX_PAYMENT_HEADER = 16_384;

const UINT128_MAX = 2n ** 128n - 1n;

const isDecimal = (value: string, most: bigint) => /^(0|[1-9]\d{0,77})$/.test(value) && BigInt(value) <= most;

/** An amount of token units of at most 128 bits, as a decimal string. */
export const uint128Field = z
  .string()
  .refine((value) => isDecimal(value, UINT128_MAX), "must be a decimal string of an integer below 2^128");

const uint256Field = z
  .string()
  .refine((value) => isDecimal(value, 2n ** 256n - 1n), "must be a decimal string of an integer below 2^256");

/** x402's salts are 32 random bytes in hex; decimal strings are numbers just as well. */
const saltField = z.union([z.string().regex(/^0x[0-9a-fA-F]{1,64}$/, "must be a number below 2^256"), uint256Field]);

const networkField = z.string().regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/, "must be a CAIP-2 chain id");
const text = z.string().min(1).max(2048);

/** What is paid for. */
export const resourceInfoSchema = z.looseObject({ url: text });

/** One way to pay. */
export const paymentRequirementsSchema = z.looseObject({
  /** `batch-settlement` or `exact`; others of other networks are passed over. */
  scheme: text,
  network: networkField,
  /** The most that the call can cost, token units. */
  amount: uint128Field,
  asset: text,
  payTo: text,
  maxTimeoutSeconds: z.number().positive(),
  extra: z.record(z.string(), z.unknown()).nullish(),
});
export type PaymentRequirements = z.infer<typeof paymentRequirementsSchema>;

/** What a 402 says. */
export const paymentRequiredSchema = z.looseObject({
  x402Version: z.literal(X402_VERSION),
  error: z.string().nullish(),
  resource: resourceInfoSchema,
  accepts: z.array(paymentRequirementsSchema).min(1),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});
export type PaymentRequired = z.infer<typeof paymentRequiredSchema>;

/** A channel's config in JSON. */
export const channelConfigSchema = z.strictObject({
  payer: addressField,
  payerAuthorizer: addressField,
  receiver: addressField,
  receiverAuthorizer: addressField,
  token: addressField,
  withdrawDelay: uintField(40),
  salt: hashField,
});

/** A signed voucher in JSON. */
export const signedVoucherSchema = z.strictObject({
  channelId: hashField,
  maxClaimableAmount: uint128Field,
  signature: bytesField,
});
export type SignedVoucher = z.infer<typeof signedVoucherSchema>;

const channelFields = { channelConfig: channelConfigSchema, voucher: signedVoucherSchema };

/** Pays out of a channel that has enough. */
export const voucherPayloadSchema = z.strictObject({ type: z.literal("voucher"), ...channelFields });

/** Fills the channel and pays out of it. */
export const depositPayloadSchema = z.strictObject({
  type: z.literal("deposit"),
  ...channelFields,
  deposit: z.strictObject({
    amount: uint128Field,
    authorization: z.strictObject({
      erc3009Authorization: z.strictObject({
        validAfter: uint256Field,
        validBefore: uint256Field,
        salt: saltField,
        signature: bytesField,
      }),
    }),
  }),
});

/** Asks for unclaimed money back: `amount`, or all of it. */
export const refundPayloadSchema = z.strictObject({
  type: z.literal("refund"),
  ...channelFields,
  amount: uint128Field.optional(),
});

/** Pays one call by an ERC-3009 transfer. */
export const exactPayloadSchema = z.strictObject({
  signature: bytesField,
  authorization: z.strictObject({
    from: addressField,
    to: addressField,
    value: uint256Field,
    validAfter: uint256Field,
    validBefore: uint256Field,
    nonce: hashField,
  }),
});

/** The payloads of scheme `batch-settlement`. */
export const batchPayloadSchema = z.discriminatedUnion("type", [
  voucherPayloadSchema,
  depositPayloadSchema,
  refundPayloadSchema,
]);
export type VoucherPayload = z.infer<typeof voucherPayloadSchema>;
export type DepositPayload = z.infer<typeof depositPayloadSchema>;
export type RefundPayload = z.infer<typeof refundPayloadSchema>;
export type BatchPayload = z.infer<typeof batchPayloadSchema>;
export type ExactPayload = z.infer<typeof exactPayloadSchema>;

/** What pays a call. Narrow `payload` with `"type" in payload`: an exact payment has none. */
export const paymentPayloadSchema = z.looseObject({
  x402Version: z.literal(X402_VERSION),
  resource: resourceInfoSchema.nullish(),
  accepted: paymentRequirementsSchema,
  payload: z.union([batchPayloadSchema, exactPayloadSchema]),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});
export type PaymentPayload = z.infer<typeof paymentPayloadSchema>;

/** How a channel stands, as its receiver knows it. */
export const channelStateSchema = z.looseObject({
  channelId: hashField,
  balance: uint128Field,
  totalClaimed: uint128Field,
  /** Unix seconds; zero where no withdrawal was requested. */
  withdrawRequestedAt: z.int().nonnegative(),
  refundNonce: uint256Field,
  /** All that the channel was charged. */
  chargedCumulativeAmount: uint128Field.optional(),
});
export type ChannelState = z.infer<typeof channelStateSchema>;

/** The last voucher that a receiver has of a channel, so that a client that forgot can go on. */
export const voucherStateSchema = z.looseObject({ signedMaxClaimable: uint128Field, signature: bytesField });
export type VoucherState = z.infer<typeof voucherStateSchema>;

/** How a payment went. */
export const settleResponseSchema = z.looseObject({
  success: z.boolean(),
  errorReason: z.string().optional(),
  errorMessage: z.string().optional(),
  payer: z.string().optional(),
  /** Hash of the transaction; empty where none was needed. */
  transaction: z.string(),
  network: networkField,
  amount: z.string().optional(),
  extra: z.record(z.string(), z.unknown()).nullish(),
});
export type SettleResponse = z.infer<typeof settleResponseSchema>;

/** A payment message as a header: base64 of its JSON. */
export function encodePaymentHeader(message: PaymentRequired | PaymentPayload | SettleResponse): string {
  return bytesToBase64(stringToBytes(JSON.stringify(message)));
}

/** What {@link PAYMENT_REQUIRED_HEADER} says. Throws `INVALID_DATA` for anything else, as those below do. */
export function decodePaymentRequired(header: string): PaymentRequired {
  return decodeHeader(paymentRequiredSchema, header, "PAYMENT-REQUIRED header");
}

/** What {@link PAYMENT_SIGNATURE_HEADER} says. */
export function decodePaymentPayload(header: string): PaymentPayload {
  return decodeHeader(paymentPayloadSchema, header, "PAYMENT-SIGNATURE header");
}

/** What {@link PAYMENT_RESPONSE_HEADER} says. */
export function decodeSettleResponse(header: string): SettleResponse {
  return decodeHeader(settleResponseSchema, header, "PAYMENT-RESPONSE header");
}

function decodeHeader<Of extends Schema>(schema: Of, header: string, subject: string): SchemaOutput<Of> {
  const bytes = header.length > MAX_PAYMENT_HEADER ? undefined : base64ToBytes(header);
  const json = bytes && decodeUtf8(bytes);
  return parseAs(schema, json === undefined ? undefined : parseJson(json), subject);
}
