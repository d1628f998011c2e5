import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";

const entrySchema = z.object({ bytes: z.number(), mtimeMs: z.number(), sha256: z.string() });
const cacheSchema = z.record(z.string(), entrySchema);

/** What a file holds, by its hash. */
export interface FileDigest {
  readonly bytes: number;
  /** Lower-case hex without prefix. */
  readonly sha256: string;
}

/**
 * sha-256 of a file, read as a stream. What was read before is remembered in `cacheFile` and believed as long as the
 * file has the same size and time: hashing tens of gigabytes at each start would take minutes.
 */
export async function digestFile(file: string, cacheFile: string): Promise<FileDigest> {
  const { size: bytes, mtimeMs } = await stat(file);
  const key = path.resolve(file);
  const cache = await readCache(cacheFile);
  const known = cache[key];
  if (known?.bytes === bytes && known.mtimeMs === mtimeMs) {
    return { bytes, sha256: known.sha256 };
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  const sha256 = hash.digest("hex");
  await writeCache(cacheFile, { ...cache, [key]: { bytes, mtimeMs, sha256 } });
  return { bytes, sha256 };
}

async function readCache(cacheFile: string): Promise<z.infer<typeof cacheSchema>> {
  try {
    return cacheSchema.parse(JSON.parse(await readFile(cacheFile, "utf8")));
  } catch {
    return {}; // Not there yet, or spoilt: it only saves time.
  }
}

async function writeCache(cacheFile: string, cache: z.infer<typeof cacheSchema>): Promise<void> {
  await mkdir(path.dirname(cacheFile), { recursive: true });
  const draft = `${cacheFile}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(cache, undefined, 2));
  await rename(draft, cacheFile);
}
