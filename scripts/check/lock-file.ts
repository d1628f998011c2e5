import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../lib/paths.ts";
import type { Rule } from "./rule.ts";

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** The lock file binds every package by its hash and says nothing of where it was fetched. */
export const lockFileRule: Rule = {
  name: "lock file",
  run: () => {
    const text = readFileSync(path.join(ROOT, "package-lock.json"), "utf8");
    const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };
    return Object.entries(packages).flatMap(([place, { resolved, integrity, link }]) => {
      if (resolved?.includes("://")) {
        return [`package-lock.json: ${place} has a download address; keep omit-lockfile-registry-resolved in .npmrc`];
      }
      const fetched = place.includes("node_modules/") && !link;
      return fetched && integrity === undefined ? [`package-lock.json: ${place} has no integrity hash`] : [];
    });
  },
};
