import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { filesMatching, ROOT } from "../lib/paths.ts";

/** A node of the compiler's syntax tree: https://docs.soliditylang.org/en/latest/using-the-compiler.html */
export interface AstNode {
  readonly nodeType: string;
  readonly [key: string]: unknown;
}

/** One source file as it was compiled. */
export interface SourceFile {
  /** Relative to the root for our own files, else `npm/...`. */
  readonly path: string;
  readonly content: string;
  readonly ast: AstNode;
}

interface BuildInfo {
  readonly input: { readonly sources: Readonly<Record<string, { readonly content: string }>> };
}

interface BuildOutput {
  readonly output: { readonly sources?: Readonly<Record<string, { readonly ast: AstNode }>> };
}

const OWN = "project/";

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(ROOT, file), "utf8")) as T;
}

/**
 * The syntax trees of every source in Hardhat's build infos, sorted by path.
 *
 * A build info may be older than the files on disk, so of our own files only what equals the file on disk counts.
 * Throws where a file of `contracts/` was changed after the compile.
 */
export function readSources(): SourceFile[] {
  const found = new Map<string, SourceFile>();
  for (const outputFile of globSync("artifacts/build-info/*.output.json", { cwd: ROOT }).sort()) {
    const { input } = readJson<BuildInfo>(outputFile.replace(/\.output\.json$/, ".json"));
    const { output } = readJson<BuildOutput>(outputFile);
    for (const [name, { ast }] of Object.entries(output.sources ?? {})) {
      const content = input.sources[name]?.content ?? "";
      const file = name.startsWith(OWN) ? name.slice(OWN.length) : name;
      if (file === name || isOnDisk(file, content)) {
        found.set(file, { path: file, content, ast });
      }
    }
  }
  const uncompiled = filesMatching("contracts/**/*.sol").filter((file) => !found.has(file));
  if (uncompiled.length > 0) {
    throw new Error(`Not compiled as they are on disk: ${uncompiled.join(", ")}. Run \`npm run build\`.`);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isOnDisk(file: string, content: string): boolean {
  try {
    return readFileSync(path.join(ROOT, file), "utf8") === content;
  } catch {
    return false;
  }
}

/** Every node below and including `node` that has the given type, in the order of the source. */
export function* nodesOf(node: unknown, nodeType: string): Generator<AstNode> {
  if (Array.isArray(node)) {
    for (const child of node) {
      yield* nodesOf(child, nodeType);
    }
  } else if (isNode(node)) {
    if (node.nodeType === nodeType) {
      yield node;
    }
    for (const child of Object.values(node)) {
      yield* nodesOf(child, nodeType);
    }
  }
}

/** Whether a value is a node of the tree. */
export function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && "nodeType" in value;
}

/** The text of a node's NatSpec `@notice`, on one line; empty where it has none. */
export function noticeOf(node: AstNode): string {
  const documentation = node.documentation;
  const text = isNode(documentation) ? documentation.text : documentation;
  const notice = typeof text === "string" ? (text.split(/^\s*@(?!notice)/m)[0] ?? "") : "";
  return notice
    .replace(/@notice/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** `JOB_SPEC` or `JobSpec` as `jobSpec`. */
export function camelCase(name: string): string {
  const joined = name.includes("_") ? name.toLowerCase().replace(/_(.)/g, (_, c: string) => c.toUpperCase()) : name;
  return joined.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/, (start) => start.toLowerCase());
}
