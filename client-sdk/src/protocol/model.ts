import type { Hex } from "viem";
import { encodeAbiParameters, keccak256, sha256, stringToBytes } from "viem/utils";
import * as z from "zod";
import { canonicalBytes } from "./canonical.ts";

const text = z.string().min(1);

/**
 * What a model is. Its canonical JSON is hashed, so fields beyond these are kept as they are: an older SDK gives the
 * same id to a newer manifest.
 */
export const manifestSchema = z.looseObject({
  name: text,
  version: text,
  architecture: text,
  /** How many weights. */
  parameters: z.int().positive(),
  /** Tokens of prompt and output together. */
  contextLength: z.int().positive(),
  quantisation: text,
  licence: text,
  artefacts: z
    .array(
      z.looseObject({
        file: text,
        sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits"),
        bytes: z.int().positive(),
      }),
    )
    .min(1),
  engine: z.looseObject({ name: text, version: text }),
  sampler: z.looseObject({ kind: text }),
  chatTemplate: text,
  /** What requests leave out. */
  defaults: z.looseObject({ maxTokens: z.int().positive(), temperature: z.number().min(0).max(2) }),
});

export type ModelManifest = z.infer<typeof manifestSchema>;

/** What binds a manifest to the way it is checked. */
export interface VerificationTerms {
  /** Machines whose numbers agree. Default `any`. */
  readonly backendClass?: string;
  /** By how much they may differ. Default: none named. */
  readonly tolerances?: Readonly<Record<string, unknown>>;
  /** What a trace holds. Default `none`. */
  readonly traceKind?: string;
}

const MODEL_ID = [{ type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }] as const;

/** sha-256 of the manifest's canonical JSON (RFC 8785). */
export function manifestHash(manifest: ModelManifest): Hex {
  return sha256(canonicalBytes(manifest));
}

/** `ModelId`: `keccak256(abi.encode(manifestHash, backendClass, tolerancesHash, traceKind))`. */
export function modelId(
  manifest: ModelManifest,
  { backendClass = "any", tolerances = {}, traceKind = "none" }: VerificationTerms = {},
): Hex {
  const parts = [
    manifestHash(manifest),
    keccak256(stringToBytes(backendClass)),
    keccak256(canonicalBytes(tolerances)),
    keccak256(stringToBytes(traceKind)),
  ] as const;
  return keccak256(encodeAbiParameters(MODEL_ID, parts));
}
