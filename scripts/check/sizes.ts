import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { filesMatching, ROOT } from "../lib/paths.ts";
import type { Rule } from "./rule.ts";

const MAX_FILE_LINES = 350;
const MAX_FUNCTION_LINES = 60;

/** Files and TypeScript functions stay short. Solidity functions are held to 40 lines by solhint. */
export const sizeRule: Rule = {
  name: "file and function sizes",
  run: () => {
    const files = filesMatching("**/*.{ts,tsx,mjs,sol,py}").filter((file) => !file.includes("/generated/"));
    return files.flatMap((file) => oversized(file, readFileSync(path.join(ROOT, file), "utf8")));
  },
};

/** What is too long in a file, given by its path and its text. */
export function oversized(file: string, text: string): string[] {
  const lines = text.split("\n").length - 1;
  const breaches = lines > MAX_FILE_LINES ? [`${file}: ${lines} lines, at most ${MAX_FILE_LINES}`] : [];
  const isTest = file.endsWith(".test.ts") || file.startsWith("test/");
  return /\.(ts|tsx|mjs)$/.test(file) && !isTest ? [...breaches, ...longFunctions(file, text)] : breaches;
}

function longFunctions(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const breaches: string[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    const lines = ts.isFunctionLike(node) ? lineOf(node.end) - lineOf(node.getStart(source)) + 1 : 0;
    if (lines > MAX_FUNCTION_LINES) {
      const line = lineOf(node.getStart(source)) + 1;
      breaches.push(`${file}:${line}: a function of ${lines} lines, at most ${MAX_FUNCTION_LINES}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return breaches;
}
