import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { testTokenAbi } from "@touchstone/sdk/protocol";
import { type Address, createTestClient, http, maxUint40 } from "viem";
import { developmentAccount, type LocalChain } from "../../network/chain.ts";
import { type MarketClient, marketClient } from "../../network/clients.ts";
import { type Deployment, deployMarket } from "../../network/deploy.ts";
import { localCourtParameters, localParameters } from "../../network/parameters.ts";
import { fund } from "../../network/providers.ts";
import { placeStandIns } from "../../network/stand-ins.ts";
import { startChild } from "./children.ts";

/** Development accounts of the bench. */
export const PROVIDER = 2;
export const OPERATOR = 3;
export const BUYERS = { sdk: 10, gateway: 11, x402: 12 } as const;
/** The first of those who sign vouchers beforehand. */
export const FIRST_PAYER = 20;

const STAKE = 100_000_000n;
const BOND = 100_000_000n;
const FUNDS = 1_000_000_000n;

const HOUR = 3_600;

/** How long receipts may be brought before this court, which bounds how long a node keeps what they are about. Seconds. */
export const RECEIPT_LIFETIME = 2 * HOUR;

/** A market on a chain in a process of its own, and a provider who may sell there; nobody does yet. */
export interface BenchWorld {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  /** Of the provider's own account. */
  readonly provider: MarketClient;
  readonly folder: string;
  /** Gives somebody tokens. */
  mint(to: Address, amount: bigint): Promise<void>;
  /** Has the chain's clock leap ahead. */
  leap(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts the chain, deploys, and makes the provider one. */
export async function openWorld(): Promise<BenchWorld> {
  const child = startChild("chain-child.ts");
  const { rpcUrl } = (await child.first()) as { readonly rpcUrl: string };
  const chain = { rpcUrl, chainId: 31_337, account: developmentAccount, close: child.stop };
  await placeStandIns(rpcUrl);
  const court = { ...localCourtParameters, receiptLifetime: RECEIPT_LIFETIME, bondDelay: 3 * RECEIPT_LIFETIME };
  const deployment = await deployMarket(rpcUrl, localParameters, court);
  const provider = marketClient({ rpcUrl, market: deployment.market }, chain.account(PROVIDER));
  await fund(provider, deployment, STAKE + BOND);
  await provider.stake({ amount: STAKE });
  await provider.postBond({ amount: BOND });
  await provider.setOperator({ operator: chain.account(OPERATOR).address, validUntil: Number(maxUint40) });
  const folder = mkdtempSync(path.join(tmpdir(), "touchstone-bench-"));
  const clock = createTestClient({ mode: "hardhat", transport: http(rpcUrl) });
  const mint = async (to: Address, amount: bigint) => {
    const call = { address: deployment.token, abi: testTokenAbi, functionName: "mint", args: [to, amount] } as const;
    await provider.waitForTransactionReceipt({ hash: await provider.writeContract(call) });
  };
  for (const buyer of Object.values(BUYERS)) {
    await mint(chain.account(buyer).address, FUNDS);
  }
  return {
    chain,
    deployment,
    provider,
    folder,
    mint,
    leap: async (seconds) => {
      await clock.increaseTime({ seconds });
      await clock.mine({ blocks: 1 });
    },
    close: async () => {
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
