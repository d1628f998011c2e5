import type { Address, Hex } from "viem";
import { encodeAbiParameters, keccak256 } from "viem/utils";

const SEED = [{ type: "bytes32" }, { type: "address" }, { type: "uint256" }] as const;

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
  return keccak256(encodeAbiParameters(SEED, [job, provider, BigInt(index)]));
}
