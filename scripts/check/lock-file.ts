import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../lib/paths.ts";
import type { Rule } from "./rule.ts";

/** An entry of `packages` in the lock file: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The lock file is whole, binds packages by their hash and says nothing of where they were fetched. */
export const lockFileRule: Rule = {
  name: "lock file",
  run: () => {
    const text = readFileSync(path.join(ROOT, "package-lock.json"), "utf8");
    const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };
    const missing = missingOptional(packages).map(({ name }) => `has no entry for ${name}; \`npm run lock\` adds it`);
    return [...missing, ...Object.entries(packages).flatMap(breachesOf)].map(
      (breach) => `package-lock.json: ${breach}`,
    );
  },
};

function breachesOf([place, { resolved, integrity, link, optional, os, cpu }]: [string, LockedPackage]): string[] {
  if (resolved?.includes("://")) {
    return [`${place} has a download address; keep omit-lockfile-registry-resolved in .npmrc`];
  }
  // Of another platform's part that the registry in use lacks, nobody here can know the hash: see scripts/lock.ts.
  const needsHash =
    place.includes("node_modules/") && !link && !(optional && (os !== undefined || cpu?.includes("wasm32")));
  return needsHash && integrity === undefined ? [`${place} has no integrity hash`] : [];
}

/** Optional dependencies of a locked package that have no entry of their own: `npm ci` refuses such a lock file. */
export function missingOptional(packages: Readonly<Record<string, LockedPackage>>) {
  return Object.entries(packages).flatMap(([place, parent]) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(packages, place, name))
      .map(([name, version]) => ({ name, version, parent })),
  );
}

/** Whether a package that lies at `place` finds `name`, as Node would: in its own folder or in one above. */
function isLocked(packages: Readonly<Record<string, LockedPackage>>, place: string, name: string): boolean {
  const folders = place.split("/node_modules/");
  const above = folders.map((_, index) => folders.slice(0, folders.length - index).join("/node_modules/"));
  return [...above, ""].some((folder) => `${folder}${folder && "/"}node_modules/${name}` in packages);
}
