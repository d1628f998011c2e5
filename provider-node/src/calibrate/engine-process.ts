// A process that runs one model as one machine of a calibration does; `remote-engine.ts` starts it and speaks to it.
import type { Llama } from "node-llama-cpp";
import { startBackend } from "../engine/backend.ts";
import type { Engine } from "../engine/engine.ts";
import { openLlamaEngine } from "../engine/llama.ts";
import { describeError } from "../log.ts";
import { silentLogger } from "../logger.ts";
import { useBinaries } from "./builds.ts";
import type { Machine, MachineStart } from "./machine.ts";
import type { Answer, Question } from "./remote-engine.ts";

const signal = new AbortController().signal;

const METHODS = {
  countPromptTokens: (engine, [request]) => engine.countPromptTokens(request),
  generate: (engine, [request, { seed }]) => engine.generate(request, { seed, signal }),
  read: (engine, [request, tokens]) => engine.read(request, tokens),
  recheck: (engine, [request, claim, { lookups }]) => engine.recheck(request, claim, { lookups, signal }),
  describe: (engine) => engine.describe(),
} satisfies { [M in Question["method"]]: (engine: Engine, args: Extract<Question, { method: M }>["args"]) => unknown };

function answer(message: Answer): void {
  process.send?.(message, () => {}); // A parent that is gone hears nothing.
}

/** Computes otherwise than the engine pins where the machine says so; a GPU takes all layers, or the numbers would be a CPU's. */
function override(llama: Llama, { gpu, batchSize, flashAttention }: Machine): Llama {
  const loadModel = llama.loadModel.bind(llama);
  llama.loadModel = async (options) => {
    const layers = gpu === "cpu" ? {} : ({ gpuLayers: "max" } as const);
    const flash = flashAttention === undefined ? {} : { defaultContextFlashAttention: flashAttention };
    const model = await loadModel({ ...options, ...layers, ...flash });
    const createContext = model.createContext.bind(model);
    model.createContext = (context) => createContext({ ...context, ...(batchSize !== undefined && { batchSize }) });
    return model;
  };
  return llama;
}

async function open({ machine, model }: MachineStart): Promise<Engine> {
  if (machine.binaries !== undefined) {
    useBinaries(machine.binaries, machine.binaries.bins);
  }
  const llama = override(await startBackend({ gpu: machine.gpu, logger: silentLogger }), machine);
  return await openLlamaEngine({ llama, model, threads: machine.threads, sequences: 1 });
}

async function reply(engine: Engine, { id, method, args }: Question): Promise<void> {
  try {
    const run = METHODS[method] as (engine: Engine, args: unknown) => unknown;
    answer({ id, value: await run(engine, args) });
  } catch (error) {
    answer({ id, error: JSON.stringify(describeError(error)) });
  }
}

process.once("disconnect", () => process.exit()); // Whoever asked is gone.
process.once("message", async (start: MachineStart) => {
  try {
    const engine = await open(start);
    process.on("message", (question: Question) => void reply(engine, question));
    answer({ id: 0, value: engine.model });
  } catch (error) {
    answer({ id: 0, error: JSON.stringify(describeError(error)) });
  }
});
