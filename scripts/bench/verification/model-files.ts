import { existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { type ResolvedModel, resolveModel } from "../../../provider-node/src/engine/models.ts";
import { ROOT } from "../../lib/paths.ts";
import { GGML, type Gguf, readGguf, writeGguf } from "./gguf.ts";
import { perturbModel, quantiseModel } from "./quantise.ts";
import { LARGE, normals, randomModel } from "./random-model.ts";

/** A model and what a cheating provider may run in its place. */
export interface ModelFamily {
  readonly name: string;
  readonly ordered: ResolvedModel;
  readonly q8: ResolvedModel;
  readonly q4: ResolvedModel;
  /** Another model of the same size. */
  readonly other: ResolvedModel;
  /** The id that ends an output. */
  readonly endToken: number;
  /** What makes a prompt one token longer. */
  readonly suffix: string;
}

/** Files and digests that can be made again at any time. */
export const CACHE = path.join(ROOT, "node_modules", ".cache", "touchstone-verification");

/** Relative change of each weight of the storyteller that makes it another model; about what a short fine-tuning does. */
const OTHER_STRENGTH = 0.05;

/** The model that ships: trained, tiny. */
export async function storyteller(): Promise<ModelFamily> {
  const ordered = await resolveModel("storyteller", { dataDir: CACHE });
  const other = () => perturbModel(readGguf(ordered.path), OTHER_STRENGTH, normals(1));
  return familyOf("storyteller", ordered, other, { endToken: 1, suffix: "." });
}

/** A network of noise at the size of a small model of today. */
export async function noise(): Promise<ModelFamily> {
  const file = made("noise-207m-f16", () => randomModel(LARGE, 1));
  const ordered = await resolveModel(file, { dataDir: CACHE });
  return familyOf("noise-207m", ordered, () => randomModel(LARGE, 2), { endToken: 2, suffix: " the" });
}

function familyOf(
  name: string,
  ordered: ResolvedModel,
  other: () => Gguf,
  facts: Pick<ModelFamily, "endToken" | "suffix">,
): ModelFamily {
  const version = `${name}-${ordered.manifest.artefacts[0]?.sha256.slice(0, 8)}`;
  const as = (kind: string, make: () => Gguf) => ({ ...ordered, path: made(`${version}-${kind}`, make) });
  return {
    name,
    ordered,
    q8: as("q8_0", () => quantiseModel(readGguf(ordered.path), GGML.q8_0)),
    q4: as("q4_0", () => quantiseModel(readGguf(ordered.path), GGML.q4_0)),
    other: as("other", other),
    ...facts,
  };
}

function made(name: string, make: () => Gguf): string {
  const file = path.join(CACHE, `${name}.gguf`);
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    writeGguf(`${file}.part`, make());
    renameSync(`${file}.part`, file);
  }
  return file;
}
