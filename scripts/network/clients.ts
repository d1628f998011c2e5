import { buyerActions, providerActions, seatActions } from "@touchstone/sdk";
import { type Account, type Address, createWalletClient, http, publicActions } from "viem";
import { hardhat } from "viem/chains";

/** Where a client talks to which market. */
export interface MarketOnChain {
  readonly rpcUrl: string;
  readonly market: Address;
}

/** A viem client of a local chain with all that buyers, providers and seats do, in the name of `account`. */
export function marketClient({ rpcUrl, market }: MarketOnChain, account: Account) {
  return createWalletClient({ account, chain: hardhat, transport: http(rpcUrl), pollingInterval: 200 })
    .extend(publicActions)
    .extend(buyerActions({ market }))
    .extend(providerActions({ market }))
    .extend(seatActions({ market }));
}

export type MarketClient = ReturnType<typeof marketClient>;
