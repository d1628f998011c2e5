import { readFileSync } from "node:fs";
import path from "node:path";
import { BATCH_SETTLEMENT_ADDRESS, ERC3009_COLLECTOR_ADDRESS } from "@touchstone/sdk/protocol";
import { type Address, createTestClient, type Hex, http } from "viem";
import { ROOT } from "../lib/paths.ts";

/** A contract of others and what stands in for it where there is none. */
interface StandIn {
  readonly address: Address;
  /** Runtime code. */
  readonly bytecode: Hex;
}

/** https://www.multicall3.com */
const MULTICALL3_ADDRESS: Address = "0xcA11bde05977b3631167028862bE2a173976CA11";

/** Where public chains have them, and the artifacts of ours. */
const ARTIFACTS: Readonly<Record<Address, string>> = {
  [BATCH_SETTLEMENT_ADDRESS]: "x402/BatchSettlement.sol/BatchSettlement",
  [ERC3009_COLLECTOR_ADDRESS]: "x402/Erc3009DepositCollector.sol/Erc3009DepositCollector",
  [MULTICALL3_ADDRESS]: "Multicall3.sol/Multicall3",
};

/** The contracts that payments per call need and development chains lack. */
export function standIns(): readonly StandIn[] {
  return Object.entries(ARTIFACTS).map(([address, artifact]) => {
    const file = path.join(ROOT, "artifacts", "contracts", "dev", `${artifact}.json`);
    const { deployedBytecode } = JSON.parse(readFileSync(file, "utf8")) as { deployedBytecode: Hex };
    return { address: address as Address, bytecode: deployedBytecode };
  });
}

/**
 * Puts the payment channels of x402 and Multicall3 where every client expects them.
 *
 * @param rpcUrl JSON-RPC endpoint of a chain of Hardhat's or of anvil.
 */
export async function placeStandIns(rpcUrl: string): Promise<void> {
  const client = createTestClient({ mode: "hardhat", transport: http(rpcUrl) });
  await Promise.all(standIns().map((one) => client.setCode(one)));
}
