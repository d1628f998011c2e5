import { pbkdf2, randomBytes, scrypt } from "node:crypto";
import { mkdir, open, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import * as Keystore from "ox/Keystore";
import { type Address, bytesToHex, getAddress, type Hex, hexToBytes } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { z } from "zod";
import type { Settings } from "./config.ts";
import { NodeError } from "./errors.ts";

const MEND = "Name its own by TOUCHSTONE_PASSWORD or --password-file.";

/** Work of a new key file, as geth sets it: 256 MiB and about a second for each guess of a password. */
const SCRYPT = { n: 262_144, r: 8, p: 1 } as const;

/** More memory than this no honest key file asks for. */
const MAX_SCRYPT_BYTES = 2 ** 30;

const deriveScrypt = promisify<string, Uint8Array, number, object, Buffer>(scrypt);
const derivePbkdf2 = promisify(pbkdf2);

const hexText = z.string().regex(/^([0-9a-f]{2})+$/i);
const shared = { dklen: z.literal(32), salt: hexText };
const scryptParams = z.looseObject({ ...shared, n: z.int().min(2), r: z.int().min(1), p: z.int().min(1).max(64) });
const pbkdf2Params = z.looseObject({ ...shared, c: z.int().min(1).max(10_000_000), prf: z.literal("hmac-sha256") });
const crypto = {
  cipher: z.literal("aes-128-ctr"),
  ciphertext: hexText,
  cipherparams: z.looseObject({ iv: hexText }),
  mac: hexText,
};

/** Web3 Secret Storage, version 3; the address is what geth adds, so that a key can be named without its password. */
const keystoreSchema = z.looseObject({
  version: z.literal(3),
  id: z.string(),
  address: z.string().optional(),
  crypto: z.discriminatedUnion("kdf", [
    z.looseObject({ ...crypto, kdf: z.literal("scrypt"), kdfparams: scryptParams }),
    z.looseObject({ ...crypto, kdf: z.literal("pbkdf2"), kdfparams: pbkdf2Params }),
  ]),
});
type KeystoreFile = z.infer<typeof keystoreSchema>;

/** How a password becomes a key. */
type Derivation =
  | { readonly kdf: "scrypt"; readonly kdfparams: z.infer<typeof scryptParams> }
  | { readonly kdf: "pbkdf2"; readonly kdfparams: z.infer<typeof pbkdf2Params> };

/**
 * Writes a private key, encrypted, to a new file that only its owner can read.
 *
 * @param scryptN Work of a guess; weaker only in tests.
 * @throws NodeError `KEYSTORE_EXISTS`: a key is never overwritten.
 */
export async function writeKeystore(
  file: string,
  privateKey: Hex,
  password: string,
  scryptN: number = SCRYPT.n,
): Promise<Address> {
  const kdfparams = { ...SCRYPT, n: scryptN, dklen: 32 as const, salt: bytesToHex(randomBytes(32)).slice(2) };
  const key = await deriveKey({ kdf: "scrypt", kdfparams }, password);
  const keystore = Keystore.encrypt(privateKey, key, { kdf: "scrypt", kdfparams, iv: randomBytes(16) });
  const address = privateKeyToAddress(privateKey);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(file, "wx", 0o600);
    await handle.writeFile(JSON.stringify({ address: address.slice(2).toLowerCase(), ...keystore }));
    await handle.sync();
    await handle.close();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      throw new NodeError("KEYSTORE_EXISTS", `There is a key in ${file} already; name another file.`, { cause });
    }
    throw cause;
  }
  return address;
}

/**
 * The private key in a key file.
 *
 * @throws NodeError `KEYSTORE_MISSING`, `KEYSTORE_INVALID`, `KEYSTORE_PASSWORD_WRONG`
 */
export async function openKeystore(file: string, password: string): Promise<Hex> {
  const keystore = await readKeystore(file);
  const key = await deriveKey(keystore.crypto, password);
  try {
    return Keystore.decrypt(keystore as Keystore.Keystore, key, { as: "Hex" });
  } catch (cause) {
    throw new NodeError("KEYSTORE_PASSWORD_WRONG", `The password does not open ${file}. ${MEND}`, { cause });
  }
}

/** The address of the key in a file, without its password; nothing where the file does not tell. */
export async function readKeystoreAddress(file: string): Promise<Address | undefined> {
  const { address } = await readKeystore(file);
  return address === undefined ? undefined : getAddress(address.startsWith("0x") ? address : `0x${address}`);
}

/** Whether only its owner can read a file. On Windows modes say nothing: true. */
export async function isPrivateFile(file: string): Promise<boolean> {
  return path.sep === "\\" || ((await stat(file)).mode & 0o077) === 0;
}

/**
 * The password of the settings: `password`, else the first line of `passwordFile`, else what `ask` is told.
 *
 * @throws NodeError `KEYSTORE_PASSWORD_MISSING`
 */
export async function findPassword(
  { passwordFile, password }: Pick<Settings, "passwordFile" | "password">,
  ask?: () => Promise<string>,
): Promise<string> {
  if (password !== undefined) {
    return password;
  }
  if (passwordFile !== undefined) {
    const content = await readFile(passwordFile, "utf8").catch((cause: unknown) => {
      throw new NodeError("KEYSTORE_PASSWORD_MISSING", `The password file ${passwordFile} cannot be read.`, { cause });
    });
    return content.split(/\r?\n/, 1)[0] ?? "";
  }
  if (ask === undefined) {
    const sentence = "The key needs its password: set `passwordFile`, or TOUCHSTONE_PASSWORD.";
    throw new NodeError("KEYSTORE_PASSWORD_MISSING", sentence);
  }
  return await ask();
}

async function readKeystore(file: string): Promise<KeystoreFile> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const sentence = `There is no key in ${file}. Make one: \`touchstone keys new\`, or \`touchstone keys import\`.`;
    throw new NodeError("KEYSTORE_MISSING", sentence, { cause, details: { file } });
  });
  try {
    const { Crypto, ...content } = JSON.parse(text);
    return keystoreSchema.parse({ crypto: Crypto, ...content }); // Some wallets write it with a capital.
  } catch (cause) {
    throw new NodeError("KEYSTORE_INVALID", `${file} is no Ethereum key file (keystore v3).`, {
      cause,
      details: { file },
    });
  }
}

/** By the runtime, not by `ox`, whose scrypt in the background knows only one cost (0.14). */
async function deriveKey({ kdf, kdfparams }: Derivation, password: string): Promise<Hex> {
  const salt = hexToBytes(`0x${kdfparams.salt}`);
  if (kdf === "pbkdf2") {
    return bytesToHex(await derivePbkdf2(password, salt, kdfparams.c, kdfparams.dklen, "sha256"));
  }
  const { n, r, p, dklen } = kdfparams;
  const needed = 128 * n * r;
  if (needed > MAX_SCRYPT_BYTES) {
    throw new NodeError(
      "KEYSTORE_INVALID",
      `The key file asks for ${needed} bytes of memory, more than any honest one.`,
    );
  }
  return bytesToHex(await deriveScrypt(password, salt, dklen, { N: n, r, p, maxmem: 2 * needed }));
}
