import type { Hex } from "viem";
import { encodeAbiParameters, keccak256, sha256, stringToBytes } from "viem/utils";
import * as z from "zod";
import { canonicalBytes } from "./canonical.ts";
import { NO_TOLERANCES, type Tolerances, tolerancesHash, tolerancesSchema } from "./tolerances.ts";
import { TRACE_KIND } from "./trace.ts";

const text = z.string().min(1);

/** How results of a model are checked. Without it, no trace is made and no court judges. */
export const verificationSchema = z.looseObject({
  /** Machines whose numbers agree within the tolerances, such as `llama.cpp-cpu`. */
  backendClass: text,
  /** What a trace holds. */
  traceKind: z.literal(TRACE_KIND),
  tolerances: tolerancesSchema,
});
export type Verification = z.infer<typeof verificationSchema>;

/**
 * What a model is. Its canonical JSON is hashed, so fields beyond these are kept as they are: an older SDK gives the
 * same id to a newer manifest.
 */
export const manifestSchema = z.looseObject({
  name: text,
  version: text,
  architecture: text,
  /** How many weights; 0 where nobody knows. */
  parameters: z.int().nonnegative(),
  /** Tokens of prompt and output together. */
  contextLength: z.int().positive(),
  quantisation: text,
  licence: text,
  /** The files of the weights; none of a model that is only known by its name, as behind somebody's server. */
  artefacts: z.array(
    z.looseObject({
      file: text,
      sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits"),
      bytes: z.int().positive(),
    }),
  ),
  engine: z.looseObject({ name: text, version: text }),
  sampler: z.looseObject({ kind: text }),
  chatTemplate: text,
  /** What requests leave out. */
  defaults: z.looseObject({ maxTokens: z.int().positive(), temperature: z.number().min(0).max(2) }),
  verification: verificationSchema.optional(),
});

export type ModelManifest = z.infer<typeof manifestSchema>;

/** What a model id stands for: what its panel of seats judges by. Mirrors the struct of the court. */
export interface ModelTerms {
  /** sha-256 of the manifest's canonical JSON. */
  readonly manifestHash: Hex;
  /** keccak256 of the class's name. */
  readonly backendClass: Hex;
  readonly tolerances: Tolerances;
  /** keccak256 of the kind's name. */
  readonly traceKind: Hex;
}

const MODEL_ID = [{ type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }] as const;

/** sha-256 of the manifest's canonical JSON (RFC 8785). */
export function manifestHash(manifest: ModelManifest): Hex {
  return sha256(canonicalBytes(manifest));
}

/** The terms that a manifest names; without verification, backends are `any`, traces `none` and tolerances zero. */
export function modelTerms(manifest: ModelManifest): ModelTerms {
  const { backendClass = "any", traceKind = "none", tolerances = NO_TOLERANCES } = manifest.verification ?? {};
  return {
    manifestHash: manifestHash(manifest),
    backendClass: keccak256(stringToBytes(backendClass)),
    tolerances,
    traceKind: keccak256(stringToBytes(traceKind)),
  };
}

/** `ModelId` of terms: `keccak256(abi.encode(manifestHash, backendClass, tolerancesHash, traceKind))`. */
export function termsId({ manifestHash, backendClass, tolerances, traceKind }: ModelTerms): Hex {
  const parts = [manifestHash, backendClass, tolerancesHash(tolerances), traceKind] as const;
  return keccak256(encodeAbiParameters(MODEL_ID, parts));
}

/** `ModelId` of a manifest. */
export function modelId(manifest: ModelManifest): Hex {
  return termsId(modelTerms(manifest));
}
