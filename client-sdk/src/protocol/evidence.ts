import type { Address, Hex } from "viem";
import { bytesToHex, hexToBytes, keccak256 } from "viem/utils";
import * as z from "zod";
import { ContentError } from "../errors.ts";
import { parseJson } from "./canonical.ts";
import { type Fault, faultOr, type ItemClaim, readClaim } from "./claim.ts";
import { addressField, bytesField, hashField } from "./fields.ts";
import { type JobSpec, jobId } from "./job.ts";
import { inputRoot, resultRoot } from "./leaf.ts";
import { parseAs } from "./parse-as.ts";
import { baseSeed } from "./seed.ts";
import { specFromWire, specToWire, wireJobSpecSchema } from "./wire.ts";

/** One item of {@link ResultEvidence}, its bytes exact. */
export type EvidenceItem = Pick<ItemClaim, "request" | "output" | "trace" | "traceRoot">;

/** All that it takes to judge a result, whoever kept it. */
export interface ResultEvidence {
  readonly chainId: number;
  /** The `Market` contract. */
  readonly market: Address;
  readonly job: Hex;
  readonly spec: JobSpec;
  readonly provider: Address;
  /** `Frozen.resultRoot`. */
  readonly root: Hex;
  /** `Frozen.verified`: the court could judge the model, so its terms ask for traces. */
  readonly verified: boolean;
  /** In order of their index. */
  readonly items: readonly EvidenceItem[];
}

const evidenceSchema = z.strictObject({
  chainId: z.int().positive(),
  market: addressField,
  job: hashField,
  spec: wireJobSpecSchema,
  provider: addressField,
  root: hashField,
  verified: z.boolean(),
  items: z
    .array(z.strictObject({ request: bytesField, output: bytesField, trace: bytesField, traceRoot: hashField }))
    .min(1),
});

/** Evidence as JSON, bytes in hex. */
export function encodeEvidence({ items, spec, ...rest }: ResultEvidence): string {
  const wireItems = items.map(({ request, output, trace, traceRoot }) => ({
    request: bytesToHex(request),
    output: bytesToHex(output),
    trace: bytesToHex(trace),
    traceRoot,
  }));
  return JSON.stringify({ ...rest, spec: specToWire(spec), items: wireItems }, undefined, 2);
}

/** The evidence behind its JSON. Throws `INVALID_DATA` for anything else. */
export function decodeEvidence(text: string): ResultEvidence {
  const { items, spec, ...rest } = parseAs(evidenceSchema, parseJson(text), "evidence of a result");
  const ownItems = items.map(({ request, output, trace, traceRoot }) => ({
    request: hexToBytes(request),
    output: hexToBytes(output),
    trace: hexToBytes(trace),
    traceRoot,
  }));
  return { ...rest, spec: specFromWire(spec), items: ownItems };
}

/** What the provider claims, item by item. */
export function claimsOf({ job, spec, provider, items }: ResultEvidence): ItemClaim[] {
  return items.map((item, index) => ({ ...item, index, seed: baseSeed({ job, spec, provider, index }) }));
}

/**
 * Checks all of a result that needs no model: that the bytes are those that client and provider committed to, and that
 * the claims do not contradict themselves.
 *
 * @param isTraced Whether the model's terms ask for traces. Default: taken so if the job is verified, or any item has one.
 * @returns What speaks against the provider; nothing if all is in order.
 * @throws ContentError `CONTENT_ROOT_MISMATCH` if the evidence is not what was committed to: that proves nothing.
 */
export async function checkEvidence(evidence: ResultEvidence, isTraced?: boolean): Promise<Fault[]> {
  const { chainId, market, job, spec, provider, root, verified, items } = evidence;
  const isOf = (isRight: boolean, what: string) => {
    if (!isRight) {
      const sentence = `The evidence is not that of job ${job}: ${what}. It says nothing about the provider.`;
      throw new ContentError("CONTENT_ROOT_MISMATCH", sentence, { details: { job } });
    }
  };
  isOf(jobId({ chainId, market, spec }) === job, "the spec has another id");
  isOf(inputRoot(items.map(({ request }) => keccak256(request))) === spec.input, "the requests have another root");
  const results = items.map(({ output, traceRoot }) => ({ outputHash: keccak256(output), traceRoot }));
  isOf(resultRoot({ job, provider, items: results }) === root, "the outputs have another root");
  const mustTrace = isTraced ?? (verified || items.some(({ trace }) => trace.length > 0));
  const checks = await Promise.all(
    items.map((item, index) => faultOr(index, () => readClaim({ ...item, index }, { isTraced: mustTrace }))),
  );
  return checks.filter((check): check is Fault => "code" in check);
}
