import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { filesMatching, ROOT } from "../lib/paths.ts";
import { LAYERS, type Layer } from "./layers.ts";
import type { Rule } from "./rule.ts";

const SOURCES = [
  "contracts/**/*.sol",
  "{client-sdk,gateway,provider-node}/src/**/*.ts",
  "{scripts,bench,examples,ignition,models,dapp,subgraph}/**/*.{ts,tsx}",
];

/** Every import stays within what {@link LAYERS} allows. */
export const importRule: Rule = {
  name: "import layers",
  run: () => {
    const files = filesMatching(...SOURCES).filter((file) => !file.endsWith(".test.ts"));
    return files.flatMap((file) => breachesOf(file, readFileSync(path.join(ROOT, file), "utf8")));
  },
};

/** The imports of one file, given by its path in the repository and its text, that its layer does not allow. */
export function breachesOf(file: string, text: string): string[] {
  const layer = layerOf(file);
  if (layer === undefined) {
    return [`${file}: belongs to no layer; give it a row in scripts/check/layers.ts`];
  }
  return importsOf(file, text).flatMap((target) => {
    const reason = target.startsWith(".") ? localBreach(file, layer, target) : packageBreach(layer, target);
    return reason === undefined ? [] : [`${file} -> ${target}: ${reason}`];
  });
}

function layerOf(file: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.test(file));
}

function importsOf(file: string, text: string): string[] {
  if (file.endsWith(".sol")) {
    return [...text.matchAll(/^import\s[^;]*?"([^"]+)";/gm)].map(([, target = ""]) => target);
  }
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function localBreach(file: string, layer: Layer, target: string): string | undefined {
  const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
  const other = layerOf(resolved);
  if (other === layer || (other !== undefined && layer.layers.includes(other.name))) {
    return undefined;
  }
  const allowed = layer.layers.length === 0 ? "only itself" : `only itself, ${layer.layers.join(", ")}`;
  return `\`${layer.name}\` may import ${allowed}, not \`${other?.name ?? resolved}\``;
}

function packageBreach(layer: Layer, target: string): string | undefined {
  if (target.startsWith("@touchstone/node")) {
    return "nobody imports the provider node";
  }
  const isAllowed = (allowed: string) =>
    allowed.endsWith("*") ? target.startsWith(allowed.slice(0, -1)) : target === allowed;
  if (layer.packages === undefined || layer.packages.some(isAllowed)) {
    return undefined;
  }
  return `\`${layer.name}\` may import only the packages ${layer.packages.join(", ")}`;
}
