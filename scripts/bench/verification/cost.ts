import { decodeTrace } from "@touchstone/sdk/protocol";
import type { Llama } from "node-llama-cpp";
import { orderOf } from "../../../provider-node/src/calibrate/orders.ts";
import { openLlamaEngine } from "../../../provider-node/src/engine/llama.ts";
import type { ModelFamily } from "./model-files.ts";

/** Items to measure by, and the entries of each at most. */
const ITEMS = 8;
const TOKENS = 128;

const signal = new AbortController().signal;

/**
 * What checking an answer costs in terms of writing it: CPU time of this process over CPU time, on one thread. Clocks
 * on the wall would measure who else uses the machine.
 */
export async function costOf({ ordered }: ModelFamily, llama: Llama): Promise<number> {
  const engine = await openLlamaEngine({ llama, model: ordered, threads: 1, sequences: 1 });
  let [writing, checking] = [0, 0];
  try {
    for (let index = -1; index < ITEMS; index++) {
      const { request, seed } = orderOf("cost", index, TOKENS);
      const start = process.cpuUsage();
      const { trace } = await engine.generate(request, { seed, signal });
      const written = process.cpuUsage(start);
      const claim = { trace: decodeTrace(trace), seed };
      const between = process.cpuUsage();
      await engine.recheck(request, claim, { lookups: [], signal });
      const checked = process.cpuUsage(between);
      const isWarm = index >= 0; // The first one loads what is lazy.
      writing += isWarm ? written.user + written.system : 0;
      checking += isWarm ? checked.user + checked.system : 0;
    }
    return checking / writing;
  } finally {
    await engine.close();
  }
}
