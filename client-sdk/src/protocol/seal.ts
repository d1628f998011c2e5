import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import type { Address, Hex } from "viem";
import { concatHex, keccak256, stringToBytes, stringToHex } from "viem/utils";
import * as z from "zod";
import { SealError } from "../errors.ts";
import { base64UrlToBytes, bytesToBase64Url } from "./base64.ts";
import { canonicalBytes, decodeUtf8, parseJson } from "./canonical.ts";
import { hashField } from "./fields.ts";
import { parseAs } from "./parse-as.ts";

// Requests that only the provider can read: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
// AES-128-GCM, all of it WebCrypto. Hashes, roots and receipts are over the plain bytes.

/** The media type of a sealed request: {@link sealedRequestSchema} as JSON. */
export const SEALED_MEDIA_TYPE = "application/touchstone-sealed+json";

/** `info` of HPKE's key schedule: these keys open nothing else. */
const INFO = stringToBytes("touchstone sealed request v1");

const KEY_BYTES = 32;

/** Longest sealed request that is read, in characters. */
const MAX_SEALED_LENGTH = 2 ** 26;

/** A sealed request: `model` says in the open which model is asked; `enc` and `ciphertext` are base64url. */
export const sealedRequestSchema = z.strictObject({
  touchstone_sealed: z.strictObject({ model: hashField, enc: z.string().length(43), ciphertext: z.string() }),
});

/** A provider's key pair, each 32 bytes of X25519 as base64url. The public one goes on its card as `encryptionKey`. */
export interface SealKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** To which provider and model a request is bound: nobody can send it on to another. */
export interface SealBinding {
  /** {@link modelId}. */
  readonly model: Hex;
  readonly provider: Address;
}

/** A fresh key pair. */
export async function createSealKeys(): Promise<SealKeys> {
  const { kem } = suiteOf();
  const { publicKey, privateKey } = await kem.generateKeyPair();
  const [publicBytes, privateBytes] = [
    await kem.serializePublicKey(publicKey),
    await kem.serializePrivateKey(privateKey),
  ];
  return {
    publicKey: bytesToBase64Url(new Uint8Array(publicBytes)),
    privateKey: bytesToBase64Url(new Uint8Array(privateBytes)),
  };
}

/**
 * Seals the exact bytes of a request for one provider.
 *
 * @param publicKey `encryptionKey` of the provider's card.
 * @returns The bytes to send, of media type {@link SEALED_MEDIA_TYPE}.
 * @throws SealError `SEAL_KEY_INVALID`.
 */
export async function sealRequest(bytes: Uint8Array, publicKey: string, binding: SealBinding): Promise<Uint8Array> {
  const suite = suiteOf();
  const { enc, ct } = await withKey(publicKey, async (key) => {
    const recipientPublicKey = await suite.kem.deserializePublicKey(key);
    return suite.seal({ recipientPublicKey, info: INFO }, bytes, aadOf(binding));
  });
  const sealed = {
    model: binding.model.toLowerCase(),
    enc: bytesToBase64Url(new Uint8Array(enc)),
    ciphertext: bytesToBase64Url(new Uint8Array(ct)),
  };
  return stringToBytes(JSON.stringify({ touchstone_sealed: sealed }));
}

/**
 * By what a node knows who may see a sealed input and what came of it: whoever has the requests has it, and it tells
 * nothing of them. Sent as `Authorization: Bearer`.
 *
 * @param requestHashes In order.
 */
export function inputReadToken(requestHashes: readonly Hex[]): Hex {
  return keccak256(concatHex([stringToHex("touchstone read token v1"), ...requestHashes]));
}

/** Which model a sealed request asks. Throws `INVALID_DATA` for what is no sealed request. */
export function sealedModel(sealed: Uint8Array): Hex {
  return readSealed(sealed).model;
}

/**
 * Opens a sealed request.
 *
 * @param privateKey The provider's.
 * @param provider Who the request must be for.
 * @returns The exact bytes that were sealed, and the model that they are bound to.
 * @throws InvalidDataError for what is no sealed request.
 * @throws SealError `SEAL_UNREADABLE` where it was sealed for another key, provider or model, or was changed.
 */
export async function openSealed(
  sealed: Uint8Array,
  privateKey: string,
  provider: Address,
): Promise<{ readonly bytes: Uint8Array; readonly model: Hex }> {
  const { model, enc, ciphertext } = readSealed(sealed);
  const suite = suiteOf();
  const recipientKey = await withKey(privateKey, (key) => suite.kem.deserializePrivateKey(key));
  const parts = [base64UrlToBytes(enc), base64UrlToBytes(ciphertext)] as const;
  try {
    const [encBytes = new Uint8Array(), ct = new Uint8Array()] = parts;
    const opened = await suite.open({ recipientKey, enc: encBytes, info: INFO }, ct, aadOf({ model, provider }));
    return { bytes: new Uint8Array(opened), model };
  } catch (cause) {
    const sentence = "The sealed request is not for this provider's key: take the key from its card and seal it again.";
    throw new SealError("SEAL_UNREADABLE", sentence, { cause });
  }
}

function suiteOf(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
}

function aadOf({ model, provider }: SealBinding): Uint8Array {
  return canonicalBytes({ model: model.toLowerCase(), provider: provider.toLowerCase() });
}

function readSealed(sealed: Uint8Array) {
  const text = sealed.length > MAX_SEALED_LENGTH ? undefined : decodeUtf8(sealed);
  const value = text === undefined ? undefined : parseJson(text);
  return parseAs(sealedRequestSchema, value, "sealed request").touchstone_sealed;
}

async function withKey<T>(key: string, read: (key: Uint8Array) => Promise<T>): Promise<T> {
  const bytes = base64UrlToBytes(key);
  if (bytes?.length !== KEY_BYTES) {
    throw keyInvalid();
  }
  try {
    return await read(bytes);
  } catch (cause) {
    throw keyInvalid(cause);
  }
}

function keyInvalid(cause?: unknown): SealError {
  return new SealError("SEAL_KEY_INVALID", "The key is not 32 bytes of X25519 as base64url.", { cause });
}
