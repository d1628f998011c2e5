import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { ROOT } from "../../scripts/lib/paths.ts";

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

const DIST = path.join(ROOT, "dapp", "dist");
const FIRST_PAGE = "src/pages/playground/playground-page.tsx";
const LIMIT = 400_000;

/** Bytes that a file takes on its way; fonts are packed already. */
function sizeOf(file: string): number {
  return gzipSync(readFileSync(path.join(DIST, file)), { level: 9 }).length;
}

describe("the dApp's bundle", () => {
  const manifest = JSON.parse(readFileSync(path.join(DIST, ".vite", "manifest.json"), "utf8")) as Record<string, Chunk>;

  /** All chunks that must be there before the chunk runs. */
  function withImports(name: string, found = new Set<string>()): Set<string> {
    if (!found.has(name)) {
      found.add(name);
      for (const next of manifest[name]?.imports ?? []) {
        withImports(next, found);
      }
    }
    return found;
  }

  it("needs less than 400 kB for its first page, packed, with styles and the page's own code", () => {
    const chunks = new Set([...withImports("index.html"), ...withImports(FIRST_PAGE)]);
    const files = new Set([...chunks].flatMap((name) => [manifest[name]!.file, ...(manifest[name]!.css ?? [])]));
    expect(files.size).to.be.greaterThan(2);
    const total = [...files, "index.html", "theme.js"].reduce((sum, file) => sum + sizeOf(file), 0);
    expect(total).to.be.lessThan(LIMIT);
  });

  it("leaves charts to the pages that have some", () => {
    const first = new Set([...withImports("index.html"), ...withImports(FIRST_PAGE)]);
    const text = [...first].map((name) => readFileSync(path.join(DIST, manifest[name]!.file), "utf8")).join("");
    expect(text).to.not.include("recharts");
  });
});
