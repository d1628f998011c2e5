import { readFileSync } from "node:fs";
import { buyerActions, courtAbi, providerActions, seatActions, testTokenAbi } from "@touchstone/sdk";
import {
  type Abi,
  type Account,
  type Address,
  type Chain,
  type Client,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  publicActions,
  type Transport,
  walletActions,
  zeroAddress,
} from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import { deployContract as sendDeployment, waitForTransactionReceipt } from "viem/actions";
import { anvil } from "viem/chains";
import { localCourtParameters, localParameters } from "../../../scripts/network/parameters.ts";
import { startAnvil } from "./anvil.ts";

const PHRASE = "test test test test test test test test test test test junk";

/** A market and its court on a chain of their own, with people who have tokens in their wallets. */
export type World = Awaited<ReturnType<typeof startWorld>>;

export const TOKENS = 1_000_000_000n;

/** Deploys a contract by its artifact, such as `dev/TestToken.sol/TestToken`. */
export async function deployContract(
  client: Client<Transport, Chain, Account>,
  artifact: string,
  args: readonly unknown[] = [],
): Promise<Address> {
  const { abi, bytecode } = readArtifact(artifact);
  const hash = await sendDeployment(client, { abi, bytecode, args });
  const { contractAddress } = await waitForTransactionReceipt(client, { hash });
  return contractAddress ?? zeroAddress;
}

/** Deploys token, market and court on a fresh anvil. */
export async function startWorld() {
  const chain = await startAnvil("--accounts", "60");
  const transport = http(chain.rpcUrl);
  const account = (addressIndex: number): HDAccount => mnemonicToAccount(PHRASE, { addressIndex });
  const tester = createTestClient({ mode: "anvil", chain: anvil, transport, account: account(0), pollingInterval: 20 })
    .extend(publicActions)
    .extend(walletActions);

  const deploy = (artifact: string, args: readonly unknown[] = []): Promise<Address> =>
    deployContract(tester, artifact, args);
  const token = await deploy("dev/TestToken.sol/TestToken");
  const randomness = await deploy("randomness/BlockHashes.sol/BlockHashes");
  const registry = await deploy("CourtRegistry.sol/CourtRegistry", [randomness, localCourtParameters]);
  const extension = await deploy("CourtExtension.sol/CourtExtension", [registry]);
  const court = await deploy("Court.sol/Court", [extension]);
  const market = await deploy("Market.sol/Market", [token, court, localParameters]);
  const bind = { address: court, abi: courtAbi, functionName: "bind", args: [market] } as const;
  await tester.waitForTransactionReceipt({ hash: await tester.writeContract(bind) });

  const person = (index: number, through: Transport = transport) =>
    createWalletClient({ account: account(index), chain: anvil, transport: through, pollingInterval: 20 })
      .extend(publicActions)
      .extend(buyerActions({ market }))
      .extend(providerActions({ market }))
      .extend(seatActions({ market }));
  const mint = async (to: Address, amount = TOKENS, address = token) => {
    const call = { address, abi: testTokenAbi, functionName: "mint", args: [to, amount] } as const;
    await tester.waitForTransactionReceipt({ hash: await tester.writeContract(call) });
  };

  let people = 0;
  /** Somebody with tokens in the wallet, of whom nothing is in the market yet. */
  const newcomer = async () => {
    people += 1;
    const somebody = person(people);
    await mint(somebody.account.address);
    return somebody;
  };

  return {
    ...chain,
    tester,
    token,
    market,
    court,
    deploy,
    person,
    mint,
    newcomer,
    /** Moves the clock on by so many seconds and mines. */
    async pass(seconds: number) {
      await tester.increaseTime({ seconds });
      await tester.mine({ blocks: 1 });
    },
    async now() {
      return Number((await tester.getBlock()).timestamp);
    },
    tokensOf(owner: Address): Promise<bigint> {
      return tester.readContract({ address: token, abi: testTokenAbi, functionName: "balanceOf", args: [owner] });
    },
  };
}

function readArtifact(name: string): { readonly abi: Abi; readonly bytecode: Hex } {
  const file = new URL(`../../../artifacts/contracts/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Hex };
}
