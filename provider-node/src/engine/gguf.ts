import type { ModelManifest } from "@touchstone/sdk/protocol";
import type { GgufFileInfo } from "node-llama-cpp";
import { NodeError } from "../errors.ts";
import type { FileDigest } from "./digest.ts";

/** Most context that a manifest made from a bare file promises: a bigger one has to be asked for, it costs memory. */
const MAX_CONTEXT = 8192;

/** `llama_ftype` of llama.cpp. Written out, for a name here is part of a model's id and must not change with a library. */
const QUANTISATIONS: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  24: "IQ1_S",
  25: "IQ4_NL",
  30: "IQ4_XS",
  32: "BF16",
  38: "MXFP4",
};

/**
 * The manifest of a bare GGUF file. It depends on the bytes of the file alone, so everyone who serves the same file
 * serves the same model id.
 *
 * @throws NodeError `MODEL_UNSUPPORTED` if the file is no GGUF or only part of a model.
 */
export async function manifestOfGguf(file: string, { bytes, sha256 }: FileDigest): Promise<ModelManifest> {
  const info = await readInfo(file);
  const { general } = info.metadata;
  if (info.splicedParts > 1) {
    throw new NodeError(
      "MODEL_UNSUPPORTED",
      "The model is split over files; merge them with llama-gguf-split --merge.",
    );
  }
  const quantisation = QUANTISATIONS[Number(general.file_type)] ?? `type-${general.file_type ?? "unknown"}`;
  const name = slug(`${general.name ?? `gguf-${sha256.slice(0, 8)}`}-${quantisation}`);
  return {
    name,
    version: sha256.slice(0, 8),
    architecture: general.architecture,
    parameters: countParameters(info.fullTensorInfo ?? []),
    contextLength: Math.min(info.architectureMetadata.context_length ?? MAX_CONTEXT, MAX_CONTEXT),
    quantisation,
    licence: general.license ?? "unknown",
    artefacts: [{ file: `${name}.gguf`, sha256, bytes }],
    engine: { name: "llama.cpp", package: "node-llama-cpp", version: "3.22.1" },
    sampler: { kind: "gumbel-max", topK: 64, temperature: 1, topP: 1, minP: 0 },
    chatTemplate: "gguf",
    defaults: { maxTokens: 512, temperature: 1 },
  };
}

async function readInfo(file: string): Promise<GgufFileInfo> {
  const { readGgufFileInfo } = await import("node-llama-cpp");
  try {
    return await readGgufFileInfo(file, { sourceType: "filesystem", logWarnings: false });
  } catch (cause) {
    throw new NodeError("MODEL_UNSUPPORTED", `${file} is no GGUF file.`, { cause, details: { file } });
  }
}

function countParameters(tensors: readonly { readonly dimensions: readonly (number | bigint)[] }[]): number {
  return tensors.reduce((sum, { dimensions }) => sum + dimensions.reduce<number>((size, n) => size * Number(n), 1), 0);
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
