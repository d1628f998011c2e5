import type { Address, Hex } from "viem";
import { encodeAbiParameters, keccak256 } from "viem/utils";
import { RECEIPT } from "./generated/constants.ts";
import type { JobSpec } from "./job.ts";
import type { ItemFailure } from "./output.ts";
import { type CallReference, callInput, callSalt } from "./receipt.ts";
import type { InferenceRequest } from "./request.ts";

const ITEM_SEED = [{ type: "bytes32" }, { type: "address" }, { type: "uint256" }] as const;
const CALL_SEED = [{ type: "bytes32" }, { type: "address" }, { type: "bytes32" }] as const;
const REQUEST_SEED = [{ type: "uint256" }] as const;

/** The 32 bytes that seed the sampling of one item: `keccak256(abi.encode(job, provider, index))`. */
export function samplingSeed({
  job,
  provider,
  index,
}: {
  readonly job: Hex;
  readonly provider: Address;
  readonly index: number;
}): Hex {
  return keccak256(encodeAbiParameters(ITEM_SEED, [job, provider, BigInt(index)]));
}

/**
 * The 32 bytes that seed the sampling of a live call: `keccak256(abi.encode(input, provider, salt))` of the spec that its
 * receipt stands for. Neither side can try others: the provider numbers calls before it generates.
 */
export function callSeed({
  requestHash,
  provider,
  ...call
}: CallReference & { readonly requestHash: Hex; readonly provider: Address }): Hex {
  return seedOfCall(callInput(requestHash), provider, callSalt(call));
}

/** The seed of an item whose request names none: of a receipt's only item its call's, of a job's {@link samplingSeed}. */
export function baseSeed({
  job,
  spec,
  provider,
  index,
}: {
  readonly job: Hex;
  readonly spec: Pick<JobSpec, "flags" | "input" | "salt">;
  readonly provider: Address;
  readonly index: number;
}): Hex {
  const isCall = spec.flags === RECEIPT;
  return isCall ? seedOfCall(spec.input, provider, spec.salt) : samplingSeed({ job, provider, index });
}

/** The seed of a request that names one (`seed` in OpenAI's API), in both lanes: `keccak256(abi.encode(uint256(seed)))`. */
export function requestSeed(seed: number): Hex {
  return keccak256(encodeAbiParameters(REQUEST_SEED, [BigInt.asUintN(256, BigInt(seed))]));
}

/** The seed that a request is sampled with: its own if it names one, else the `base`. Whoever generates or checks asks here. */
export function seedOf(request: InferenceRequest | ItemFailure, base: Hex): Hex {
  const own = "error" in request ? undefined : request.seed;
  return own === undefined ? base : requestSeed(own);
}

function seedOfCall(input: Hex, provider: Address, salt: Hex): Hex {
  return keccak256(encodeAbiParameters(CALL_SEED, [input, provider, salt]));
}
