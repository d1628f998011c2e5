import { copyFile, link, mkdir, readdir } from "node:fs/promises";
import module from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { NodeError } from "../errors.ts";

/** Libraries of ggml for one family of CPUs; the loader takes the best of those that lie there. */
const CPU_BUILD = /ggml-cpu-(.+)\.(so|dll|dylib)$/;

/** What the packages of `@node-llama-cpp` export. */
interface BinaryPackage {
  getBinsDir(): { readonly binsDir: string; readonly packageVersion: string };
}

/** The prebuilt llama.cpp that npm installed for CPUs of this platform. */
export interface CpuBinaries {
  /** The package's name. */
  readonly specifier: string;
  readonly version: string;
  /** The folder of its libraries. */
  readonly folder: string;
  /** Families of CPUs that it has a library for, such as `haswell`; empty where one serves all. */
  readonly builds: readonly string[];
}

/** Finds what is installed. Throws `ENGINE_UNAVAILABLE`. */
export async function findCpuBinaries(): Promise<CpuBinaries> {
  const specifier = `@node-llama-cpp/${process.platform === "darwin" ? "mac" : process.platform}-${process.arch}`;
  try {
    const require = module.createRequire(import.meta.resolve("node-llama-cpp"));
    const installed = (await import(pathToFileURL(require.resolve(specifier)).href)) as BinaryPackage;
    const { binsDir, packageVersion: version } = installed.getBinsDir();
    const [name = ""] = await readdir(binsDir);
    const folder = path.join(binsDir, name);
    const builds = (await readdir(folder)).flatMap((file) => CPU_BUILD.exec(file)?.[1] ?? []);
    return { specifier, version, folder, builds };
  } catch (cause) {
    const sentence = `The package ${specifier} is not installed: install node-llama-cpp again.`;
    throw new NodeError("ENGINE_UNAVAILABLE", sentence, { cause });
  }
}

/**
 * Lays the libraries out again with one CPU build alone, so that a process computes as a machine of that family does.
 *
 * @returns The folder to give to {@link useBinaries}.
 */
export async function layOutBuild(binaries: CpuBinaries, build: string, folder: string): Promise<string> {
  const bins = path.join(folder, `${binaries.version}-${build}`);
  const target = path.join(bins, path.basename(binaries.folder));
  await mkdir(target, { recursive: true });
  for (const file of await readdir(binaries.folder)) {
    const other = CPU_BUILD.exec(file)?.[1] ?? build;
    if (other === build) {
      await place(path.join(binaries.folder, file), path.join(target, file));
    }
  }
  return bins;
}

/**
 * Makes this process take llama.cpp from another folder than that of the package. To be called before node-llama-cpp is loaded.
 *
 * @param specifier The package of `@node-llama-cpp` that it stands for.
 * @param bins As {@link layOutBuild} gives it.
 * @throws NodeError `ENGINE_UNAVAILABLE` on a Node.js that cannot (before 22.15).
 */
export function useBinaries({ specifier, version }: Pick<CpuBinaries, "specifier" | "version">, bins: string): void {
  if (module.registerHooks === undefined) {
    throw new NodeError("ENGINE_UNAVAILABLE", "Other builds of llama.cpp need Node.js 22.15 or newer; update it.");
  }
  const exported = JSON.stringify({ binsDir: bins, packageVersion: version });
  const url = `data:text/javascript,${encodeURIComponent(`export const getBinsDir = () => (${exported});`)}`;
  module.registerHooks({
    resolve: (wanted, context, next) => (wanted === specifier ? { url, shortCircuit: true } : next(wanted, context)),
  });
}

async function place(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") {
      await copyFile(from, to); // Another file system.
    }
  }
}
