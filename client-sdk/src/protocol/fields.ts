import { type Address, getAddress, type Hex, isAddress } from "viem";
import * as z from "zod";

// The building blocks of all wire schemas.

const UINT64_MAX = 2n ** 64n - 1n;

const isHash = (value: string): value is Hex => /^0x[0-9a-f]{64}$/i.test(value);
const isHex = (value: string): value is Hex => /^0x([0-9a-f]{2})*$/i.test(value);
const isAmount = (value: string): boolean => /^(0|[1-9]\d{0,19})$/.test(value) && BigInt(value) <= UINT64_MAX;

/** 32 bytes, made lower-case. */
export const hashField = z
  .string()
  .refine(isHash, "must be 0x and 64 hex digits")
  .transform((value): Hex => value.toLowerCase() as Hex);

/** Any bytes. */
export const bytesField = z
  .string()
  .refine(isHex, "must be 0x and pairs of hex digits")
  .transform((value): Hex => value as Hex);

/** An address, all lower-case or with a right checksum (EIP-55); comes out with its checksum. */
export const addressField = z
  .string()
  .refine((value) => isAddress(value), "must be an address; mixed case must be its checksum")
  .transform((value): Address => getAddress(value));

/** An amount of token units of at most 64 bits, as a decimal string. */
export const amountField = z.string().refine(isAmount, "must be a decimal string of an integer below 2^64");

/** An unsigned integer of up to 48 bits, as a number. */
export const uintField = (bits: number) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1);
