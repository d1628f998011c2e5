import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { createSealKeys, type SealKeys } from "@touchstone/sdk/protocol";
import { z } from "zod";
import { NodeError } from "./errors.ts";

const keyText = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const sealKeysSchema = z.strictObject({ publicKey: keyText, privateKey: keyText });

/** Where the keys lie that open sealed requests. */
export function sealKeysFile(dataDir: string): string {
  return path.join(dataDir, "keys", "seal.json");
}

/**
 * The keys that open requests sealed for this node, see `sealRequest`; made at the first start, for their owner's eyes.
 *
 * @throws NodeError `KEYSTORE_INVALID`: without them nothing that was sealed for the node can be opened, so they are not replaced.
 */
export async function loadSealKeys(dataDir: string): Promise<SealKeys> {
  const file = sealKeysFile(dataDir);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const keys = await createSealKeys();
  try {
    const handle = await open(file, "wx", 0o600);
    await handle.writeFile(JSON.stringify(keys));
    await handle.sync();
    await handle.close();
    return keys;
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) {
      throw cause;
    }
  }
  try {
    return sealKeysSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    const sentence = `${file} holds no keys for sealed requests. Bring it back, or remove it and publish the card again.`;
    throw new NodeError("KEYSTORE_INVALID", sentence, { cause, details: { file } });
  }
}
