import { decodeTrace, type InferenceRequest, type TraceEntry } from "@touchstone/sdk/protocol";
import type { Llama } from "node-llama-cpp";
import { type Order, orderOf } from "../../../provider-node/src/calibrate/orders.ts";
import type { Engine } from "../../../provider-node/src/engine/engine.ts";
import { openLlamaEngine } from "../../../provider-node/src/engine/llama.ts";
import type { ResolvedModel } from "../../../provider-node/src/engine/models.ts";
import { type Brain, cascade, openBrain, prefill } from "./forger.ts";
import type { ModelFamily } from "./model-files.ts";

/** A way to give less than what was ordered: the trace that a provider would commit to for an order. */
export type Cheat = (workshop: Workshop, order: Order) => Promise<readonly TraceEntry[]>;

/** What a cheating provider works with. */
export interface Workshop {
  readonly family: ModelFamily;
  /** What a model writes for an order, from memory if it wrote it before. */
  write(model: ModelName, order: Order): Promise<readonly TraceEntry[]>;
  readonly real: Brain;
  readonly cheap: Brain;
  close(): Promise<void>;
}

const MODELS = ["ordered", "q8", "q4", "other"] as const;
type ModelName = (typeof MODELS)[number];

/** Share of an output that is left of it where it is truncated. */
const KEPT = 0.5;

/** Every cheat by its name in the table. */
export const CHEATS: Readonly<Record<string, Cheat>> = {
  Q4_0: ({ write }, order) => write("q4", order),
  Q8_0: ({ write }, order) => write("q8", order),
  "temperature 0.9": ({ write }, order) => write("ordered", changed(order, { temperature: 0.9 })),
  "temperature 1.1": ({ write }, order) => write("ordered", changed(order, { temperature: 1.1 })),
  "temperature 1.03": ({ write }, order) => write("ordered", changed(order, { temperature: 1.03 })),
  "wrong seed": ({ write }, order) => write("ordered", { ...order, seed: orderOf("other seed", 0).seed }),
  "hidden prompt token": ({ write, family }, order) => write("ordered", lengthened(order, family.suffix)),
  truncated: truncate,
  "other model": ({ write }, order) => write("other", order),
  cascade: ({ cheap, real }, order) => cascade(cheap, real, order),
  "Q4_0, real trace": async ({ write, real }, order) => await prefill(real, order, await write("q4", order)),
  "Q8_0, real trace": async ({ write, real }, order) => await prefill(real, order, await write("q8", order)),
};

/** Opens a workshop on this machine's own build of llama.cpp. */
export async function openWorkshop(llama: Llama, family: ModelFamily, threads: number): Promise<Workshop> {
  const open = (model: ResolvedModel) => openLlamaEngine({ llama, model, threads, sequences: 1 });
  const engines: Partial<Record<ModelName, Engine>> = {};
  const [cheap, real] = [await openBrain(llama, family.q4, threads), await openBrain(llama, family.ordered, threads)];
  const memory = new Map<string, readonly TraceEntry[]>();
  return {
    family,
    cheap,
    real,
    write: async (name, order) => {
      const key = JSON.stringify([name, order]);
      const known = memory.get(key);
      if (known !== undefined) {
        return known;
      }
      engines[name] ??= await open(family[name]);
      const { trace } = await engines[name].generate(order.request, { seed: order.seed, signal });
      const entries = decodeTrace(trace);
      memory.set(key, entries);
      return entries;
    },
    close: async () => {
      await Promise.all(Object.values(engines).map((engine) => engine.close()));
      await Promise.all([cheap.model.dispose(), real.model.dispose()]);
    },
  };
}

const signal = new AbortController().signal;

/** The first part of an honest output, as if the model had ended there. */
async function truncate({ write, family }: Workshop, order: Order): Promise<readonly TraceEntry[]> {
  const entries = await write("ordered", order);
  const end = entries[Math.floor(entries.length * KEPT)];
  const kept = entries.slice(0, Math.floor(entries.length * KEPT));
  return end === undefined ? kept : [...kept, { ...end, token: family.endToken }];
}

function changed({ request, seed }: Order, change: Partial<InferenceRequest>): Order {
  return { request: { ...request, ...change }, seed };
}

function lengthened({ request, seed }: Order, suffix: string): Order {
  const messages = request.messages.map((message) => ({ ...message, content: message.content + suffix }));
  return { request: { ...request, messages }, seed };
}
