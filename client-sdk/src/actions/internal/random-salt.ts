import { bytesToHex, type Hex } from "viem";

/** 32 random bytes. */
export function randomSalt(): Hex {
  return bytesToHex(globalThis.crypto.getRandomValues(new Uint8Array(32)));
}
