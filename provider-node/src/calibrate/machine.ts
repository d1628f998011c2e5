import type { Gpu } from "../engine/backend.ts";
import type { ResolvedModel } from "../engine/models.ts";

/** One way to compute a model: what tells an honest machine's numbers from another's. */
export interface Machine {
  readonly name: string;
  /** Libraries to use in the place of a package of `@node-llama-cpp`; those that fit this computer where left out. */
  readonly binaries?: { readonly specifier: string; readonly version: string; readonly bins: string };
  readonly gpu: Gpu;
  readonly threads: number;
  /** Tokens of a prompt that llama.cpp takes at once, where not what the engine pins. */
  readonly batchSize?: number;
  /** Where not what the engine pins. */
  readonly flashAttention?: boolean;
}

/** What a machine's process is started with. */
export interface MachineStart {
  readonly machine: Machine;
  readonly model: ResolvedModel;
}
