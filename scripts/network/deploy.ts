import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import { network } from "hardhat";
import { type Address, zeroAddress } from "viem";
import MarketModule from "../../ignition/modules/Market.ts";
import TestTokenModule from "../../ignition/modules/TestToken.ts";
import { ROOT } from "../lib/paths.ts";
import type { MarketParameters } from "./parameters.ts";

/** Where a market and its token are. */
export interface Deployment {
  readonly market: Address;
  readonly token: Address;
  /** Zero: no court yet, every model is unverified. */
  readonly court: Address;
}

/**
 * Deploys a development token and a market that serves it, by the same Ignition modules that serve public networks.
 *
 * @param rpcUrl JSON-RPC endpoint of a chain whose node holds a funded account.
 */
export async function deployMarket(rpcUrl: string, parameters: MarketParameters): Promise<Deployment> {
  const connection = await network.create({ network: "localhost", override: { url: rpcUrl } });
  // Ignition resumes what its journal says; the journal of a chain that goes away must not outlive it.
  const deploymentId = `local-${randomUUID()}`;
  try {
    const { token } = await connection.ignition.deploy(TestTokenModule, { deploymentId });
    const tokenAddress = await token.getAddress();
    const { market } = await connection.ignition.deploy(MarketModule, {
      deploymentId,
      parameters: { Market: { token: tokenAddress, court: zeroAddress, market: { ...parameters } } },
    });
    return { market: asAddress(await market.getAddress()), token: asAddress(tokenAddress), court: zeroAddress };
  } finally {
    await connection.close();
    rmSync(path.join(ROOT, "ignition", "deployments", deploymentId), { recursive: true, force: true });
  }
}

function asAddress(text: string): Address {
  return text as Address;
}
