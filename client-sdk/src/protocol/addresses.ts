import type { Address } from "viem";
import { ChainError } from "../errors.ts";

/** Where a market stands. */
export interface MarketDeployment {
  readonly market: Address;
  /** The block of the deployment: no event is older. */
  readonly fromBlock: bigint;
}

/** The markets on public chains, by chain id. None is deployed yet. Of a local chain, pass the address by hand. */
export const deployments: Readonly<Record<number, MarketDeployment>> = {};

/** The market on a public chain. Throws `CHAIN_UNKNOWN` where there is none. */
export function getMarketDeployment(chainId: number): MarketDeployment {
  const deployment = deployments[chainId];
  if (deployment === undefined) {
    const sentence = `No market is known on chain ${chainId}: pass the address of your deployment instead.`;
    throw new ChainError("CHAIN_UNKNOWN", sentence, { details: { chainId } });
  }
  return deployment;
}

/** The address of the market on a public chain. Throws `CHAIN_UNKNOWN` where there is none. */
export function getMarketAddress(chainId: number): Address {
  return getMarketDeployment(chainId).market;
}
