import { decodeTrace } from "@touchstone/sdk/protocol";
import type { Gpu } from "../engine/backend.ts";
import type { Engine } from "../engine/engine.ts";
import type { ResolvedModel } from "../engine/models.ts";
import { NodeError } from "../errors.ts";
import { type CpuBinaries, layOutBuild } from "./builds.ts";
import type { Machine } from "./machine.ts";
import { orderOf } from "./orders.ts";
import { openRemoteEngine } from "./remote-engine.ts";

/** A machine that this computer can stand for. */
export interface FoundMachine extends Machine {
  /** Others that compute the very same numbers. */
  readonly same: readonly string[];
}

/** Threads and batch sizes other than the usual that an honest machine may run with. */
const OTHER_THREADS = 2;
const OTHER_BATCH = 64;

/** Tokens by which machines are told apart. */
const TOKENS = 96;

/**
 * All machines that this computer can stand for: every build of llama.cpp for other CPUs that runs here, other thread
 * counts and batch sizes, and the GPU if there is one.
 */
export async function machinesAtHand(binaries: CpuBinaries, gpu: Gpu, folder: string): Promise<Machine[]> {
  const { specifier, version } = binaries;
  const cpu = { gpu: "cpu", threads: 1 } as const;
  const builds: Machine[] = [];
  for (const build of binaries.builds) {
    const bins = await layOutBuild(binaries, build, folder);
    builds.push({ ...cpu, name: build, binaries: { specifier, version, bins } });
  }
  return [
    { ...cpu, name: "cpu" },
    ...builds,
    { ...cpu, name: `${OTHER_THREADS} threads`, threads: OTHER_THREADS },
    { ...cpu, name: `batches of ${OTHER_BATCH}`, batchSize: OTHER_BATCH },
    ...(gpu === "cpu" ? [] : [{ name: `gpu ${gpu}`, gpu, threads: 1 }]),
  ];
}

/** Tries machines with a model; leaves out those that do not run here, and joins those whose numbers are the same. */
export async function tellApart(machines: readonly Machine[], model: ResolvedModel): Promise<FoundMachine[]> {
  const found = new Map<string, FoundMachine>();
  for (const machine of machines) {
    const tried = await tryMachine(machine, model);
    if (tried !== undefined) {
      const known = found.get(tried);
      found.set(tried, known ? { ...known, same: [...known.same, machine.name] } : { ...machine, same: [] });
    }
  }
  return [...found.values()];
}

async function tryMachine(machine: Machine, model: ResolvedModel): Promise<string | undefined> {
  let engine: Engine;
  try {
    engine = await openRemoteEngine({ machine, model });
  } catch (error) {
    if (error instanceof NodeError && error.code === "ENGINE_UNAVAILABLE") {
      return undefined;
    }
    throw error;
  }
  try {
    return await fingerprint(engine);
  } finally {
    await engine.close();
  }
}

/** What a machine writes, and by how much its two ways to compute differ, to the last bit. */
async function fingerprint(engine: Engine): Promise<string> {
  const { request, seed } = orderOf("fingerprint", 0, TOKENS);
  const signal = new AbortController().signal;
  const trace = decodeTrace((await engine.generate(request, { seed, signal })).trace);
  const { entries } = await engine.recheck(request, { trace, seed }, { lookups: [], signal });
  return JSON.stringify([trace, entries.map(({ distance }) => distance)]);
}
