import {
  BATCH_SETTLEMENT_ADDRESS,
  batchSettlementAbi,
  type ChannelConfig,
  channelId,
  depositAuthorizationTypedData,
  depositCollectorData,
  ERC3009_COLLECTOR_ADDRESS,
  testTokenAbi,
  type VoucherClaim,
  voucherTypedData,
} from "@touchstone/sdk/protocol";
import { network } from "hardhat";
import {
  type Address,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type HDAccount,
  type Hex,
  http,
  maxUint40,
  toHex,
} from "viem";
import { hardhat } from "viem/chains";
import { type LocalChain, startChain } from "../network/chain.ts";
import { placeStandIns } from "../network/stand-ins.ts";

/** What money per call costs on chain, in gas; calls themselves are off chain. */
export interface ChannelGas {
  /** The first deposit into a channel, by the payer's authorization. */
  readonly deposit: number;
  /** A further one. */
  readonly topUp: number;
  /** One transaction that claims what {@link CALLS} calls in {@link CHANNELS} channels came to. */
  readonly claim: number;
  /** Sends the receiver all that it claimed. */
  readonly settle: number;
  /** `claim` and `settle`. */
  readonly perThousandCalls: number;
}

/** How many calls are claimed together, and over how many channels they are spread. */
export const CALLS = 1_000;
export const CHANNELS = 10;

const PRICE = 1_000n;
const DEPOSIT = 10_000_000n;
const PAYER = 10;
const RECEIVER = 2;

/**
 * Measures channels in their steady state, on the stand-ins of x402: every channel has been claimed from and the
 * receiver has been paid before, so that no slot is written for the first time but by `deposit`.
 */
export async function measureChannels(): Promise<ChannelGas> {
  const chain = await startChain();
  try {
    await placeStandIns(chain.rpcUrl);
    const ground = { chain, token: await deployToken(chain) };
    const channels = Array.from({ length: CHANNELS }, (_, index) => openable(ground, index));
    const deposits = [];
    for (const channel of channels) {
      deposits.push(await deposit(ground, channel, 1n));
    }
    await claim(ground, channels, 1n);
    await settle(ground);
    const topUp = await deposit(ground, channels[0] as Channel, 2n);
    // Every channel signed a voucher a call; the last one is worth them all.
    const claimed = await claim(ground, channels, 1n + BigInt(CALLS / CHANNELS));
    const settled = await settle(ground);
    return {
      deposit: deposits.at(-1) as number,
      topUp,
      claim: claimed,
      settle: settled,
      perThousandCalls: claimed + settled,
    };
  } finally {
    await chain.close();
  }
}

interface Ground {
  readonly chain: LocalChain;
  readonly token: Address;
}

interface Channel {
  readonly payer: HDAccount;
  readonly config: ChannelConfig;
}

async function deployToken(chain: LocalChain): Promise<Address> {
  const connection = await network.create({ network: "localhost", override: { url: chain.rpcUrl } });
  try {
    const token = await connection.ethers.deployContract("TestToken");
    await token.waitForDeployment();
    return (await token.getAddress()) as Address;
  } finally {
    await connection.close();
  }
}

/** A channel of a payer of its own, who signs its vouchers. */
function openable({ chain, token }: Ground, index: number): Channel {
  const payer = chain.account(PAYER + index);
  const receiver = chain.account(RECEIVER).address;
  const config = {
    payer: payer.address,
    payerAuthorizer: payer.address,
    receiver,
    receiverAuthorizer: receiver,
    token,
    withdrawDelay: 86_400,
    salt: toHex(index, { size: 32 }),
  };
  return { payer, config };
}

async function deposit(ground: Ground, { payer, config }: Channel, salt: bigint): Promise<number> {
  const { chainId } = ground.chain;
  const { token } = ground;
  const mint = encodeFunctionData({ abi: testTokenAbi, functionName: "mint", args: [payer.address, DEPOSIT] });
  await send(ground, token, mint);
  const id = channelId({ chainId, config });
  const terms = { amount: DEPOSIT, validAfter: 0n, validBefore: BigInt(maxUint40), salt };
  const typedData = depositAuthorizationTypedData({
    token: { chainId, asset: token, assetName: "Test USD", assetVersion: "1" },
    deposit: { channelId: id, payer: payer.address, ...terms },
  });
  const authorization = depositCollectorData({ ...terms, signature: await payer.signTypedData(typedData) });
  const args = [config, DEPOSIT, ERC3009_COLLECTOR_ADDRESS, authorization] as const;
  const data = encodeFunctionData({ abi: batchSettlementAbi, functionName: "deposit", args });
  return await send(ground, BATCH_SETTLEMENT_ADDRESS, data);
}

/** Claims `calls` calls of each channel, counted from its beginning. */
async function claim(ground: Ground, channels: readonly Channel[], calls: bigint): Promise<number> {
  const { chainId } = ground.chain;
  const claims = channels.map(async ({ payer, config }): Promise<VoucherClaim> => {
    const maxClaimableAmount = calls * PRICE;
    const voucher = { channelId: channelId({ chainId, config }), maxClaimableAmount };
    const signature = await payer.signTypedData(voucherTypedData({ chainId, voucher }));
    return { voucher: { channel: config, maxClaimableAmount }, signature, totalClaimed: maxClaimableAmount };
  });
  const args = [await Promise.all(claims)] as const;
  const data = encodeFunctionData({ abi: batchSettlementAbi, functionName: "claim", args });
  return await send(ground, BATCH_SETTLEMENT_ADDRESS, data);
}

async function settle(ground: Ground): Promise<number> {
  const args = [ground.chain.account(RECEIVER).address, ground.token] as const;
  const data = encodeFunctionData({ abi: batchSettlementAbi, functionName: "settle", args });
  return await send(ground, BATCH_SETTLEMENT_ADDRESS, data);
}

/** Sends a transaction as the receiver and tells its gas. */
async function send({ chain }: Ground, to: Address, data: Hex): Promise<number> {
  const transport = http(chain.rpcUrl);
  const wallet = createWalletClient({ account: chain.account(RECEIVER), chain: hardhat, transport });
  const reader = createPublicClient({ chain: hardhat, transport, pollingInterval: 50 });
  const hash = await wallet.sendTransaction({ to, data });
  const { gasUsed, status } = await reader.waitForTransactionReceipt({ hash });
  if (status !== "success") {
    throw new Error(`${hash} reverted.`);
  }
  return Number(gasUsed);
}
