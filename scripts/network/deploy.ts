import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import path from "node:path";
import { network } from "hardhat";
import type { Address } from "viem";
import MarketModule from "../../ignition/modules/Market.ts";
import TestTokenModule from "../../ignition/modules/TestToken.ts";
import { ROOT } from "../lib/paths.ts";
import type { CourtParameters, MarketParameters } from "./parameters.ts";

/** Where a market, its token and its court are. */
export interface Deployment {
  readonly market: Address;
  readonly token: Address;
  readonly court: Address;
}

/**
 * Deploys a development token, a market that serves it and the market's court, by the same Ignition modules that serve public networks.
 *
 * @param rpcUrl JSON-RPC endpoint of a chain whose node holds a funded account.
 */
export async function deployMarket(
  rpcUrl: string,
  marketParameters: MarketParameters,
  courtParameters: CourtParameters,
): Promise<Deployment> {
  const connection = await network.create({ network: "localhost", override: { url: rpcUrl } });
  // Ignition resumes what its journal says; the journal of a chain that goes away must not outlive it.
  const deploymentId = `local-${randomUUID()}`;
  try {
    const { token } = await connection.ignition.deploy(TestTokenModule, { deploymentId });
    const tokenAddress = await token.getAddress();
    const { market, court } = await connection.ignition.deploy(MarketModule, {
      deploymentId,
      parameters: {
        Market: { token: tokenAddress, market: { ...marketParameters } },
        Court: { parameters: { ...courtParameters } },
      },
    });
    const [marketAddress, courtAddress] = await Promise.all([market.getAddress(), court.getAddress()]);
    return { market: asAddress(marketAddress), token: asAddress(tokenAddress), court: asAddress(courtAddress) };
  } finally {
    await connection.close();
    rmSync(path.join(ROOT, "ignition", "deployments", deploymentId), { recursive: true, force: true });
  }
}

function asAddress(text: string): Address {
  return text as Address;
}
