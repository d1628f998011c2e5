import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { AbiCoder, keccak256, type TypedDataDomain, type TypedDataField } from "ethers";
import {
  claimBatchTypes,
  receiveWithAuthorizationTypes,
  refundTypes,
  voucherTypes,
} from "../../../client-sdk/src/protocol/generated/typed-data.ts";
import { standIns } from "../../../scripts/network/stand-ins.ts";
import type { BatchSettlement } from "../../../types/ethers-contracts/index.ts";
import { now } from "./clock.ts";
import type { Signer } from "./signatures.ts";
import { openWorlds, usd, type World, ZERO_HASH } from "./world.ts";

export const [SETTLEMENT, COLLECTOR, MULTICALL] = standIns().map(({ address }) => address);
export const MINUTE = 60;
export const DAY = 24 * 60 * MINUTE;
export const DEPOSIT = usd(10);

/** What a channel is, as `ChannelConfig` in Solidity. */
export interface Config {
  readonly payer: string;
  readonly payerAuthorizer: string;
  readonly receiver: string;
  readonly receiverAuthorizer: string;
  readonly token: string;
  readonly withdrawDelay: number;
  readonly salt: string;
}

/** Who plays what where channels are: the world's people under the names they have there. */
export interface ChannelWorld extends World {
  readonly settlement: BatchSettlement;
  readonly payer: HardhatEthersSigner;
  /** Signs the payer's vouchers. */
  readonly voucherKey: HardhatEthersSigner;
  readonly receiver: HardhatEthersSigner;
  readonly receiverAuthorizer: HardhatEthersSigner;
  /** The usual channel. */
  readonly config: Config;
}

/** As {@link openWorlds}, with the stand-ins of x402 in place. */
export async function openChannelWorlds(): Promise<() => Promise<ChannelWorld>> {
  const newWorld = await openWorlds();
  return async () => {
    const world = await newWorld();
    const { chain, token, client, friend, provider, operator } = world;
    for (const { address, bytecode } of standIns()) {
      await chain.networkHelpers.setCode(address, bytecode);
    }
    const settlement = await chain.ethers.getContractAt("BatchSettlement", SETTLEMENT);
    const config = {
      payer: client.address,
      payerAuthorizer: friend.address,
      receiver: provider.address,
      receiverAuthorizer: operator.address,
      token: await token.getAddress(),
      withdrawDelay: DAY,
      salt: ZERO_HASH,
    };
    const people = { payer: client, voucherKey: friend, receiver: provider, receiverAuthorizer: operator };
    return { ...world, ...people, settlement, config };
  };
}

export async function domainOfChannels({ chain }: World): Promise<TypedDataDomain> {
  const { chainId } = await chain.ethers.provider.getNetwork();
  return { name: "x402 Batch Settlement", version: "1", chainId, verifyingContract: SETTLEMENT };
}

/** What is changed in a deposit. */
export interface DepositOptions {
  readonly config?: Config;
  readonly amount?: bigint;
  readonly by?: Signer;
  readonly collector?: string;
  readonly salt?: bigint;
  readonly signedSalt?: bigint;
}

/** Brings the payer's authorization, as a stranger to the channel. */
export async function deposit(world: ChannelWorld, options: DepositOptions = {}) {
  const { settlement, stranger } = world;
  const { config = world.config, amount = DEPOSIT, collector = COLLECTOR } = options;
  return settlement.connect(stranger).deposit(config, amount, collector, await authorize(world, options));
}

/** The collector's data: the payer's ERC-3009 authorization for a deposit into this channel. */
export async function authorize(world: ChannelWorld, options: DepositOptions = {}): Promise<string> {
  const { settlement, token } = world;
  const { config = world.config, amount = DEPOSIT, by = world.payer, salt = 1n, signedSalt = salt } = options;
  const validAfter = 0n;
  const validBefore = (await now(world)) + BigInt(MINUTE);
  const channel = await settlement.getChannelId(config);
  const coder = AbiCoder.defaultAbiCoder();
  const nonce = keccak256(coder.encode(["bytes32", "uint256"], [channel, signedSalt]));
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const signature = await by.signTypedData(
    { name, version, chainId, verifyingContract },
    asFields(receiveWithAuthorizationTypes),
    { from: config.payer, to: COLLECTOR, value: amount, validAfter, validBefore, nonce },
  );
  return coder.encode(["uint256", "uint256", "uint256", "bytes"], [validAfter, validBefore, salt, signature]);
}

/** A voucher and what is claimed of it; all of it unless said otherwise. */
export interface ClaimOptions {
  readonly config?: Config;
  readonly max?: bigint;
  readonly total?: bigint;
  readonly by?: Signer;
}

/** A claim of the usual channel by a voucher of the payer's key. */
export async function claimOf(world: ChannelWorld, options: ClaimOptions = {}) {
  const { config = world.config, max = usd(3), total = max, by = world.voucherKey } = options;
  const voucher = { channelId: await world.settlement.getChannelId(config), maxClaimableAmount: max };
  const signature = await by.signTypedData(await domainOfChannels(world), asFields(voucherTypes), voucher);
  return { voucher: { channel: config, maxClaimableAmount: max }, signature, totalClaimed: total };
}

export type Claim = Awaited<ReturnType<typeof claimOf>>;

/** The signature of the receivers' authorizer over a batch of claims. */
export async function signClaims(world: ChannelWorld, claims: readonly Claim[], by: Signer): Promise<string> {
  const entries = await Promise.all(
    claims.map(async ({ voucher, totalClaimed }) => ({
      channelId: await world.settlement.getChannelId(voucher.channel),
      maxClaimableAmount: voucher.maxClaimableAmount,
      totalClaimed,
    })),
  );
  return by.signTypedData(await domainOfChannels(world), asFields(claimBatchTypes), { claims: entries });
}

/** The signature of the receiver's authorizer over a refund of the usual channel. */
export async function signRefund(world: ChannelWorld, amount: bigint, nonce: bigint, by: Signer): Promise<string> {
  const channelId = await world.settlement.getChannelId(world.config);
  return by.signTypedData(await domainOfChannels(world), asFields(refundTypes), { channelId, nonce, amount });
}

/** What the usual channel holds and has been claimed. */
export async function channelOf({ settlement, config }: ChannelWorld): Promise<readonly [bigint, bigint]> {
  const { balance, totalClaimed } = await settlement.channels(await settlement.getChannelId(config));
  return [balance, totalClaimed];
}

/** Types as ethers wants them: it writes to none, but says it might. */
export function asFields(types: Readonly<Record<string, readonly TypedDataField[]>>): Record<string, TypedDataField[]> {
  return Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));
}
