import { globSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const BUILT = new Set([
  "node_modules",
  "dist",
  "artifacts",
  "cache",
  "out",
  "types",
  "coverage",
  ".git",
  ".touchstone",
]);

/** The sources of the repository that match one of the patterns, relative to the root with `/`, sorted. */
export function filesMatching(...patterns: string[]): string[] {
  const found = globSync(patterns, { cwd: ROOT, exclude: (name) => BUILT.has(path.basename(name)) });
  return found.map((file) => file.split(path.sep).join("/")).sort();
}

/** The files that a pattern matches in a folder, built ones too, relative to the root. */
export function filesMatchingIn(folder: string, pattern: string): string[] {
  return globSync(pattern, { cwd: path.join(ROOT, folder) }).map((file) => path.posix.join(folder, file));
}
