import { readFileSync } from "node:fs";
import { network } from "hardhat";
import {
  type Abi,
  type Address,
  createWalletClient,
  custom,
  type EIP1193RequestFn,
  getAddress,
  type Hex,
  publicActions,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { localParameters } from "../../../scripts/network/parameters.ts";

/** The Solidity libraries and a market, to hold their TypeScript twins against. */
export type Harness = Awaited<ReturnType<typeof startHarness>>;

const PHRASE = "test test test test test test test test test test test junk";
const NO_COURT = "0x0000000000000000000000000000000000000000";

/** A chain in this process with the harness and a market deployed. */
export async function startHarness() {
  const connection = await network.create();
  const request = ((call: { method: string; params?: unknown[] }) =>
    connection.provider.request(call)) as EIP1193RequestFn;
  const person = (addressIndex: number) =>
    createWalletClient({
      account: mnemonicToAccount(PHRASE, { addressIndex }),
      chain: hardhat,
      transport: custom({ request }),
      pollingInterval: 5,
    }).extend(publicActions);
  const deployer = person(0);

  const deploy = async (name: string, args: readonly unknown[] = []) => {
    const { abi, bytecode } = readArtifact(name);
    const { contractAddress } = await deployer.waitForTransactionReceipt({
      hash: await deployer.deployContract({ abi, bytecode, args }),
    });
    return { abi, address: getAddress(contractAddress ?? NO_COURT) };
  };
  const libraries = await deploy("dev/ProtocolHarness.sol/ProtocolHarness");
  const token = await deploy("dev/TestToken.sol/TestToken");
  const market = await deploy("Market.sol/Market", [token.address, NO_COURT, localParameters]);

  return {
    chainId: hardhat.id,
    market: market.address as Address,
    token: token.address as Address,
    person,
    /** Calls a library function as Solidity has it. */
    solidity: (functionName: string, ...args: readonly unknown[]): Promise<unknown> =>
      deployer.readContract({ ...libraries, functionName, args }),
    /** Calls a view of the market. */
    marketView: (functionName: string, ...args: readonly unknown[]): Promise<unknown> =>
      deployer.readContract({ ...market, functionName, args }),
    close: () => connection.close(),
  };
}

function readArtifact(name: string): { readonly abi: Abi; readonly bytecode: Hex } {
  const file = new URL(`../../../artifacts/contracts/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Hex };
}
