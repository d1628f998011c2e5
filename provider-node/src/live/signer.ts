import { recover } from "tiny-secp256k1";
import { type Address, type Hex, hexToBytes, keccak256 } from "viem";

const SIGNATURE_LENGTH = 2 + 2 * 65;
const ADDRESS_DIGITS = 40;
/** Half the order of the curve: what is above is another form of what is below, and contracts take one form only. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * The address whose key signed a digest, in lower case; nothing for what is no signature in its one form (EIP-2).
 *
 * libsecp256k1 in WebAssembly: a sixth of the time that a JavaScript implementation takes, and every call needs one.
 */
export function signerOf(digest: Hex, signature: Hex): Address | undefined {
  if (signature.length !== SIGNATURE_LENGTH || BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER) {
    return undefined;
  }
  const bytes = hexToBytes(signature);
  const [v = 0] = bytes.subarray(64);
  const parity = v - 27;
  if (parity !== 0 && parity !== 1) {
    return undefined;
  }
  try {
    const key = recover(hexToBytes(digest), bytes.subarray(0, 64), parity, false);
    return key === null ? undefined : `0x${keccak256(key.subarray(1)).slice(-ADDRESS_DIGITS)}`;
  } catch {
    return undefined; // r or s outside of the field
  }
}
