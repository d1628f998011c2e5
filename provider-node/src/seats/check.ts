import { randomBytes } from "node:crypto";
import { baseSeed, encodeWord } from "@touchstone/sdk/protocol";
import { bytesToHex, type Hex } from "viem";
import { NodeError } from "../errors.ts";
import type { Blobs } from "../store/blobs.ts";
import type { ItemClaim } from "../verify/check-item.ts";
import { wordOf } from "../verify/word-of.ts";
import type { SeatContext, SeatedFile, SeatResult } from "./context.ts";
import { type Exhibit, wordSeedOf } from "./machine.ts";

const SALT_BYTES = 32;

/**
 * Runs the model over what the provider claims, and puts what it finds into a word, with a salt of its own.
 *
 * @throws NodeError `ENGINE_FAILED`, `BLOB_MISSING`, `BLOB_CORRUPT`.
 */
export async function check(context: SeatContext, file: SeatedFile): Promise<SeatResult> {
  const { row, spec } = file;
  const { work } = row.state;
  const engine = context.engines.get(spec.model);
  const wordSeed = wordSeedOf(row.state);
  if (engine === undefined || wordSeed === undefined || work.name !== "fetched") {
    throw new NodeError("MODEL_NOT_SERVED", "This node no longer runs the job's model. Add it to `models` again.");
  }
  const evidence = await context.store.evidence.of(row.id);
  const claims = await Promise.all(work.exhibits.map((exhibit) => claimOf(evidence, file, exhibit)));
  const { word, statistics, faults } = await wordOf(engine, claims, { wordSeed, signal: context.signal });
  context.logger.info("case checked", { case: row.id, ...statistics, faults: faults.map(({ code }) => code) });
  return { event: { name: "checked", word: encodeWord(word), salt: bytesToHex(randomBytes(SALT_BYTES)) } };
}

async function claimOf(evidence: Blobs, { row, spec, frozen }: SeatedFile, exhibit: Exhibit): Promise<ItemClaim> {
  const { index, traceRoot } = exhibit;
  const [request, output, trace] = await Promise.all([
    requireExhibit(evidence, exhibit.request),
    requireExhibit(evidence, exhibit.output),
    requireExhibit(evidence, exhibit.trace),
  ]);
  const seed = baseSeed({ job: row.job, spec, provider: frozen.provider, index });
  return { index, request, output, trace, traceRoot, seed };
}

async function requireExhibit(evidence: Blobs, hash: Hex): Promise<Uint8Array> {
  const bytes = await evidence.get(hash);
  if (bytes === undefined) {
    throw new NodeError("BLOB_MISSING", `Evidence ${hash} is not on this disk any more. It is fetched again.`, {
      details: { hash },
    });
  }
  return bytes;
}
