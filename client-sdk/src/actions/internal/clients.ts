import type { Account, Address, Chain, Client, Transport } from "viem";
import { getChainId as readChainId } from "viem/actions";
import { ChainError } from "../../errors.ts";

/** Any viem client: enough to read. */
export type ReadClient = Client<Transport, Chain | undefined>;

/** A viem client with an account: a wallet client, or any client made with `account`. */
export type WriteClient = Client<Transport, Chain | undefined, Account | undefined>;

/** Which market. */
export interface OnMarket {
  /** The `Market` contract. */
  readonly market: Address;
}

/** Which market, and how far back its events go. */
export interface WithHistory extends OnMarket {
  /** The block of the deployment: no event is older. Default 0, which some RPC servers find too far. */
  readonly fromBlock?: bigint | undefined;
}

/** The account of a client. Throws `ACCOUNT_MISSING` where it has none. */
export function requireAccount(client: WriteClient): Account {
  if (client.account === undefined) {
    throw new ChainError(
      "ACCOUNT_MISSING",
      "The client has no account: make it with `createWalletClient({ account })`.",
    );
  }
  return client.account;
}

/**
 * Refuses a wallet that is on another chain than is meant. An account that signs here is on every chain.
 *
 * @param chainId Where it must be. Default: the client's own chain; without one, wherever the wallet is.
 * @throws ChainError `CHAIN_MISMATCH` with `details.chainId` and `details.walletChainId`.
 */
export async function requireChain(client: WriteClient, chainId: number | undefined = client.chain?.id): Promise<void> {
  if (chainId === undefined || requireAccount(client).type === "local") {
    return;
  }
  const walletChainId = await readChainId(client);
  if (walletChainId !== chainId) {
    const sentence = `The wallet is on chain ${walletChainId}: switch it to chain ${chainId}.`;
    throw new ChainError("CHAIN_MISMATCH", sentence, { details: { chainId, walletChainId } });
  }
}

/** The chain's id; asks the server only where the client was made without a chain. */
export async function chainIdOf(client: ReadClient): Promise<number> {
  return client.chain?.id ?? (await readChainId(client));
}
