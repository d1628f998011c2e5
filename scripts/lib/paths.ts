import { globSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The files of the repository that match one of the patterns, relative to the root with forward slashes, sorted. */
export function filesMatching(...patterns: string[]): string[] {
  const built = new Set(["node_modules", "dist", "artifacts", "cache", "out", "types", ".git", ".touchstone"]);
  const found = globSync(patterns, { cwd: ROOT, exclude: (name) => built.has(path.basename(name)) });
  return [...new Set(found.map((file) => file.split(path.sep).join("/")))].sort();
}
