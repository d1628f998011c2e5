import path from "node:path";
import type { Tolerances } from "@touchstone/sdk/protocol";
import type { Llama } from "node-llama-cpp";
import { findCpuBinaries } from "../../../provider-node/src/calibrate/builds.ts";
import { type FoundMachine, machinesAtHand, tellApart } from "../../../provider-node/src/calibrate/machines.ts";
import { orderOf } from "../../../provider-node/src/calibrate/orders.ts";
import { openRemoteEngine } from "../../../provider-node/src/calibrate/remote-engine.ts";
import { chooseTolerances } from "../../../provider-node/src/calibrate/thresholds.ts";
import { CHEATS, openWorkshop } from "./cheats.ts";
import { type Checks, type Collection, collect, entriesOf, remember } from "./collect.ts";
import { costOf } from "./cost.ts";
import { fastOnes, honestCollection, pairsOf } from "./honest.ts";
import { CACHE, type ModelFamily } from "./model-files.ts";
import { variantPairs } from "./variants.ts";
import { addCounts, type Count, countOver, rateBound } from "./windows.ts";

/** How many trace entries of each kind are collected of a model. */
export interface Sizes {
  /** Honest, on machines of the model's class. */
  readonly honest: number;
  /** Honest, on each of the machines that compute in another way. */
  readonly variants: number;
  /** Honest, on a software Vulkan, where there is one. */
  readonly vulkan: number;
  /** Of each cheat. */
  readonly cheats: number;
}

/** One line of the table. */
export interface Row {
  readonly model: string;
  /** `none ...` for honest runs. */
  readonly cheat: string;
  /** Trace entries of a window. */
  readonly tokens: number;
  /** Share of the windows that were refused. */
  readonly detection: number;
  /** Honest windows of this length that were refused, of the model and its class. */
  readonly falsePositives: number;
  /** Windows behind `detection`. */
  readonly windows: number;
  /** CPU time of the pass over that of writing, on one thread. */
  readonly costRatio: number;
}

/** What was measured of a model. */
export interface FamilyResult {
  readonly model: string;
  readonly tolerances: Tolerances;
  /** Machines of the class, each with others that compute the same numbers. */
  readonly machines: readonly { readonly name: string; readonly same: readonly string[] }[];
  /** By window length: honest windows of the class, how many were refused, and the bound on the rate at 95 %. */
  readonly honest: readonly (Count & { readonly tokens: number; readonly bound: number })[];
  readonly rows: readonly Row[];
}

export interface MeasureOptions {
  /** For what runs in this process: cheats. One for all, since its log cannot be silenced twice. */
  readonly llama: Llama;
  /** Takes what earlier runs collected. */
  readonly reuse: boolean;
  /** Folder of npm's Vulkan package of llama.cpp. */
  readonly vulkan?: string;
}

/** From here on slow machines are left out. */
const LARGE_MODEL = 100_000_000;

const LENGTHS = [50, 200, 1000] as const;

/** Measures one model: honest runs first, then every cheat. */
export async function measureFamily(family: ModelFamily, sizes: Sizes, options: MeasureOptions): Promise<FamilyResult> {
  const { name, ordered } = family;
  const machines = await remember(`${name}/machines`, options.reuse, () => classMachines(family));
  const honest: Checks[] = [];
  for (const pair of pairsOf(machines, sizes.honest)) {
    honest.push(await collect(honestCollection(name, ordered, pair), options.reuse));
  }
  const own = machines[0] as FoundMachine;
  const variants: [string, Checks][] = [];
  for (const { title, pair } of variantPairs(own, sizes, options.vulkan)) {
    variants.push([`none (${title})`, await collect(honestCollection(name, ordered, pair), options.reuse)]);
  }
  const { llama } = options;
  const costRatio = await remember(`${name}/cost`, options.reuse, () => costOf(family, llama));
  const cheats = await collectCheats(family, options, machines[1] ?? own, sizes.cheats);
  const { tolerances, trial } = limitsOf(family, honest);
  const count = (checks: readonly Checks[], tokens: number) =>
    addCounts(checks.map((part) => countOver(entriesOf(part), tokens, tolerances)));
  const counted = LENGTHS.map((tokens) => ({ tokens, ...count(trial, tokens) }));
  const kinds: [string, readonly Checks[]][] = [
    ["none", trial],
    ...[...variants, ...cheats].map(([title, checks]): [string, readonly Checks[]] => [title, [checks]]),
  ];
  const rows = kinds.flatMap(([cheat, checks]) =>
    counted.map(({ tokens, over: falsePositives }): Row => {
      const { windows, over } = count(checks, tokens);
      return { model: name, cheat, tokens, detection: over / windows, falsePositives, windows, costRatio };
    }),
  );
  return {
    model: name,
    tolerances,
    machines: machines.map((machine) => ({ name: machine.name, same: machine.same })),
    honest: counted.map((one) => ({ ...one, bound: rateBound(one) })),
    rows: rows.filter(({ windows }) => windows > 0),
  };
}

/** The machines of the class: CPUs, computing as the engine pins it. */
async function classMachines({ ordered }: ModelFamily): Promise<FoundMachine[]> {
  const machines = await machinesAtHand(await findCpuBinaries(), "cpu", path.join(CACHE, "builds"));
  const isLarge = ordered.manifest.parameters > LARGE_MODEL;
  return await tellApart(isLarge ? fastOnes(machines) : machines, ordered);
}

/** The limits of the manifest; without any, those that the first half of the honest runs gives, to be tried on the others. */
function limitsOf(
  { ordered }: ModelFamily,
  honest: readonly Checks[],
): { readonly tolerances: Tolerances; readonly trial: readonly Checks[] } {
  const { verification } = ordered.manifest;
  if (verification !== undefined) {
    return { tolerances: verification.tolerances, trial: honest };
  }
  const half = Math.floor(honest.length / 2);
  return { tolerances: chooseTolerances([], honest.slice(0, half).map(entriesOf)), trial: honest.slice(half) };
}

async function collectCheats(
  family: ModelFamily,
  { llama, reuse }: MeasureOptions,
  seat: FoundMachine,
  tokens: number,
): Promise<[string, Checks][]> {
  const workshop = await openWorkshop(llama, family, 1);
  const found: [string, Checks][] = [];
  try {
    for (const [title, cheat] of Object.entries(CHEATS)) {
      const collection: Collection = {
        name: `${family.name}/${title}`,
        tokens,
        order: (index) => orderOf(`${family.name}/cheats`, index),
        open: async () => {
          const verifier = await openRemoteEngine({ machine: seat, model: family.ordered });
          return { write: (order) => cheat(workshop, order), verifier, close: () => verifier.close() };
        },
      };
      found.push([title, await collect(collection, reuse)]);
    }
    return found;
  } finally {
    await workshop.close();
  }
}
