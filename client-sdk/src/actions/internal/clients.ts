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

/** The chain's id; asks the server only where the client was made without a chain. */
export async function chainIdOf(client: ReadClient): Promise<number> {
  return client.chain?.id ?? (await readChainId(client));
}
