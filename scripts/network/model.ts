import { readFileSync } from "node:fs";
import path from "node:path";
import { type ModelManifest, type ModelTerms, manifestSchema, modelTerms, parseAs } from "@touchstone/sdk/protocol";
import { ROOT } from "../lib/paths.ts";

/** The folder of the model that local networks serve: the one that ships. */
export const MODEL = path.join(ROOT, "models", "storyteller");

/** By what the seats of a model's panel judge. */
export function termsOf(folder: string): ModelTerms {
  const manifest: ModelManifest = parseAs(
    manifestSchema,
    JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")),
    "model manifest",
  );
  if (manifest.verification === undefined) {
    throw new Error(`${folder}: its manifest has no \`verification\`, so nobody can judge its results.`);
  }
  return modelTerms(manifest);
}
