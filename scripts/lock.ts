// Completes the lock file: `npm run lock`, after an `npm install` that changed it.
//
// `npm ci` wants an entry for every optional dependency, those for other platforms too. npm leaves out the ones that
// the registry in use does not carry; this adds them by version, without a hash, as parts that do not fit this machine.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type LockedPackage, missingOptional } from "./check/lock-file.ts";
import { ROOT } from "./lib/paths.ts";

const SYSTEMS = [
  [/darwin|\bmac-/, "darwin"],
  [/win32|\bwin-/, "win32"],
  [/android/, "android"],
  [/freebsd/, "freebsd"],
  [/linux/, "linux"],
] as const;
/** No machine is `wasm32`: npm installs such a part only where it is asked to. */
const PROCESSORS = ["wasm32", "arm64", "riscv64", "ia32", "ppc64", "s390x", "x64", "amd64", "arm"] as const;

/** The entry of a package that is known by its name alone, such as `@biomejs/cli-darwin-arm64`. */
function entryFor(name: string, version: string, parent: LockedPackage): LockedPackage {
  const system = SYSTEMS.find(([pattern]) => pattern.test(name))?.[1];
  const processor = PROCESSORS.find((known) => name.includes(known));
  if (
    (system === undefined && processor !== "wasm32") ||
    processor === undefined ||
    (system === process.platform && processor === process.arch && !name.includes("musl"))
  ) {
    throw new Error(`${name}@${version} is missing from the registry and fits this machine, or says not what it fits.`);
  }
  return {
    version,
    cpu: [processor === "amd64" ? "x64" : processor],
    ...(parent.dev ? { dev: true } : {}),
    ...(name.includes("musl") ? { libc: ["musl"] } : {}),
    optional: true,
    ...(system === undefined ? {} : { os: [system] }),
  };
}

const file = path.join(ROOT, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockedPackage> };
const missing = missingOptional(lock.packages);
for (const { name, version, parent } of missing) {
  lock.packages[`node_modules/${name}`] = entryFor(name, version, parent);
  console.log(`added ${name}@${version}`);
}
if (missing.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
}
