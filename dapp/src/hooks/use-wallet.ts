import {
  type BuyerActions,
  buyerActions,
  type MarketActions,
  marketActions,
  type ProviderActions,
  providerActions,
  type SeatActions,
  seatActions,
} from "@touchstone/sdk";
import { useMemo } from "react";
import type { Account, Address, Chain, Transport, WalletClient } from "viem";
import { useConnection, useWalletClient } from "wagmi";
import { useNetwork } from "../network/network-context.tsx";

/** Does for the connected account whatever the SDK can. */
export type MarketWallet = WalletClient<Transport, Chain, Account> &
  MarketActions &
  BuyerActions &
  ProviderActions &
  SeatActions;

export interface WalletState {
  /** The connected account. */
  readonly address: Address | undefined;
  /** Connected, but to another chain than the market's. */
  readonly isWrongChain: boolean;
  /** There once an account is connected on the right chain. */
  readonly wallet: MarketWallet | undefined;
}

/** The connected wallet, if there is one. */
export function useWallet(): WalletState {
  const { market, fromBlock, chainId } = useNetwork();
  const { address, chainId: walletChain, status } = useConnection();
  const isWrongChain = status === "connected" && walletChain !== chainId;
  const { data: client } = useWalletClient({ chainId, query: { enabled: status === "connected" && !isWrongChain } });
  const wallet = useMemo(() => {
    if (client === undefined || isWrongChain) {
      return undefined;
    }
    const on = { market, fromBlock };
    return client
      .extend(marketActions(on))
      .extend(buyerActions(on))
      .extend(providerActions(on))
      .extend(seatActions(on)) as unknown as MarketWallet;
  }, [client, isWrongChain, market, fromBlock]);
  return { address: status === "connected" ? address : undefined, isWrongChain, wallet };
}
