import canonicalize from "canonicalize";
import { stringToBytes } from "viem/utils";
import { TouchstoneError } from "../errors.ts";

/** The UTF-8 bytes of a value as canonical JSON (RFC 8785). Throws for what JSON cannot say, such as a lone surrogate. */
export function canonicalBytes(value: unknown): Uint8Array {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw notCanonical(cause);
  }
  if (text === undefined) {
    throw notCanonical();
  }
  return stringToBytes(text);
}

function notCanonical(cause?: unknown): TouchstoneError {
  const message = "The value has no canonical JSON (RFC 8785): use finite numbers and well-formed strings only.";
  return new TouchstoneError(message, { code: "NOT_CANONICAL", cause });
}

/** The text that the bytes are in UTF-8, byte-order mark included; nothing if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The value of a JSON text; nothing if it is not JSON (which has no `undefined`). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
