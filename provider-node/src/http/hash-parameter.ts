import type { Hex } from "viem";
import { HttpError } from "./errors.ts";

/** A hash in a path, in lower case. */
export function hashParameter(value: string | undefined): Hex {
  if (value === undefined || !/^0x[0-9a-f]{64}$/i.test(value)) {
    throw new HttpError("HASH_INVALID", "A hash is 0x and 64 hex digits.");
  }
  return value.toLowerCase() as Hex;
}
