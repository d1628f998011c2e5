import { network } from "hardhat";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";

/** Development accounts hold coins on local chains only; everyone knows this phrase. */
const DEVELOPMENT_PHRASE = "test test test test test test test test test test test junk";

/** How many development accounts there are. */
export const ACCOUNTS = 64;

/** The development account of this index; below {@link ACCOUNTS} it has coins on local chains. */
export function developmentAccount(index: number): HDAccount {
  return mnemonicToAccount(DEVELOPMENT_PHRASE, { addressIndex: index });
}

/** A local chain in this process, serving JSON-RPC. */
export interface LocalChain {
  readonly rpcUrl: string;
  readonly chainId: number;
  /** The funded development account of this index, below {@link ACCOUNTS}. */
  account(index: number): HDAccount;
  close(): Promise<void>;
}

/**
 * Starts Hardhat's chain with a block for each transaction and one every second besides, so that chain time follows the
 * real clock.
 *
 * @param port The port to listen on; zero picks a free one.
 */
export async function startChain({ port = 0 }: { readonly port?: number } = {}): Promise<LocalChain> {
  const server = await network.createServer(
    {
      override: {
        accounts: { mnemonic: DEVELOPMENT_PHRASE, count: ACCOUNTS },
        mining: { auto: true, interval: 1_000 },
        // Or each transaction within a second would put the chain's clock a second further ahead of everybody's.
        allowBlocksWithSameTimestamp: true,
      },
    },
    "127.0.0.1",
    port,
  );
  const address = await server.listen();
  return {
    rpcUrl: `http://127.0.0.1:${address.port}`,
    chainId: 31_337,
    account: developmentAccount,
    close: () => server.close(),
  };
}
