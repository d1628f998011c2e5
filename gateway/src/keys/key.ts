import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const PREFIX = "sk-ts-";
const ID_BYTES = 6;
const SECRET_BYTES = 32;
const FORM = /^sk-ts-([0-9a-f]{12})-[0-9a-f]{64}$/;

/** A new API key: shown once, never stored. */
export interface NewKey {
  /** The public part, by which it is listed and revoked. */
  readonly id: string;
  /** The whole of it, as clients send it. */
  readonly key: string;
  /** What is stored. */
  readonly hash: string;
}

/** Makes a key. Its secret has 256 random bits, so that a plain SHA-256 of it tells nobody anything. */
export function makeKey(): NewKey {
  const id = randomBytes(ID_BYTES).toString("hex");
  const key = `${PREFIX}${id}-${randomBytes(SECRET_BYTES).toString("hex")}`;
  return { id, key, hash: hashKey(key) };
}

/** The id within a key; nothing if it has not the form of one. */
export function keyIdOf(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

/** SHA-256 in hex. */
export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** Whether a key is the one behind a hash, in a time that does not depend on either. */
export function isKeyOf(key: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashKey(key), "hex"), Buffer.from(hash, "hex"));
}
