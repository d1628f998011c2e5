import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type ModelManifest, TRACE_KIND, type Verification } from "@touchstone/sdk/protocol";
import { ROOT } from "../../../scripts/lib/paths.ts";

const SHIPPED = path.join(ROOT, "models", "storyteller");

/** Wide enough for the CPUs of one class, and far below any cheat. */
const VERIFICATION: Verification = {
  backendClass: "test",
  traceKind: TRACE_KIND,
  tolerances: {
    marginTolerance: 100,
    marginThreshold: 200,
    traceTolerance: 20,
    traceThreshold: 60,
    probeTolerance: 500,
  },
};

/** Makes a folder with the model that ships under terms of verification of the tests' own; gives its path. */
export async function verifiedStoryteller(parent: string): Promise<string> {
  const folder = path.join(parent, "verified-storyteller");
  const manifest = JSON.parse(await readFile(path.join(SHIPPED, "manifest.json"), "utf8")) as ModelManifest;
  const [artefact] = manifest.artefacts;
  await mkdir(folder);
  await copyFile(path.join(SHIPPED, artefact!.file), path.join(folder, artefact!.file));
  await writeFile(path.join(folder, "manifest.json"), JSON.stringify({ ...manifest, verification: VERIFICATION }));
  return folder;
}
