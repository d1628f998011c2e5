import path from "node:path";
import type { Machine } from "../../../provider-node/src/calibrate/machine.ts";
import type { Pair } from "./honest.ts";

/** Honest runs outside of the class: what they would be taken for. */
export interface Variant {
  readonly title: string;
  readonly pair: Pair;
}

/** How much of each is measured. */
interface VariantSizes {
  readonly variants: number;
  readonly vulkan: number;
}

/** Providers and seats that compute otherwise than the class pins. */
export function variantPairs(own: Machine, { variants, vulkan }: VariantSizes, vulkanPackage?: string): Variant[] {
  const plain: Machine = { ...own, name: "flash attention off", flashAttention: false };
  const found: Variant[] = [{ title: "flash attention off", pair: { provider: plain, seat: own, tokens: variants } }];
  if (vulkanPackage !== undefined) {
    const gpu = vulkanMachine(vulkanPackage);
    found.push(
      { title: "Vulkan on a CPU writes", pair: { provider: gpu, seat: own, tokens: vulkan } },
      { title: "Vulkan on a CPU judges", pair: { provider: own, seat: gpu, tokens: vulkan } },
    );
  }
  return found.filter(({ pair }) => pair.tokens > 0);
}

/** Mesa's software Vulkan takes the place of a GPU: the numbers are those of the GPU kernels, the speed is not. */
function vulkanMachine(folder: string): Machine {
  const binaries = {
    specifier: "@node-llama-cpp/linux-x64-vulkan",
    version: "3.22.1",
    bins: path.resolve(folder, "bins"),
  };
  return { name: "vulkan", gpu: "vulkan", threads: 1, binaries };
}
