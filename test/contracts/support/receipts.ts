import { id as hashText, keccak256 } from "ethers";
import type { Address, Hex } from "viem";
import { receiptTypes } from "../../../client-sdk/src/protocol/generated/typed-data.ts";
import {
  type Receipt,
  receiptFrozen,
  receiptJob,
  receiptRoot,
  receiptSpec,
} from "../../../client-sdk/src/protocol/receipt.ts";
import { traceRoot } from "../../../client-sdk/src/protocol/trace.ts";
import { seated, type Trial, trialOf } from "./cases.ts";
import { now } from "./clock.ts";
import { type CourtWorld, JUDGED_MODEL } from "./court-world.ts";
import { type Evidence, type Item, itemOf } from "./evidence.ts";
import { domainOf } from "./jobs.ts";
import type { Signer } from "./signatures.ts";
import { fund, usd } from "./world.ts";

/** A receipt that a provider signed, the job that it stands for, and what its provider keeps of it. */
export interface Signed extends Evidence {
  readonly receipt: Receipt;
  /** Who signed. */
  readonly operator: string;
  readonly signature: string;
}

/** What a call costs; a thousand times as much is the least that a false receipt costs. */
export const AMOUNT = 10_000n;
export const BOND = usd(100);
export const CHALLENGE_BOND = 500_000n;

/** Posts a bond for the provider, out of nothing. */
export async function bonded(world: CourtWorld, amount = BOND, provider = world.provider): Promise<CourtWorld> {
  await fund(world, provider, amount);
  await world.court.connect(provider).postBond(amount);
  return world;
}

/** A receipt of the client's first call, made just now, with the root of one real item. */
export async function receiptOf(world: CourtWorld, changes: Partial<Receipt> = {}, item = itemOf(8)): Promise<Receipt> {
  const rootless = {
    provider: world.provider.address as Address,
    payer: world.client.address as Address,
    model: JUDGED_MODEL as Hex,
    channelId: hashText("channel") as Hex,
    seq: 1n,
    cumulative: AMOUNT,
    requestHash: keccak256(item.request) as Hex,
    promptTokens: 20,
    completionTokens: 8,
    amount: AMOUNT,
    issuedAt: Number(await now(world)),
    ...changes,
  };
  const hashes = { outputHash: keccak256(item.output) as Hex, traceRoot: traceRoot(item.trace) };
  const lifetime = world.parameters.receiptLifetime;
  const resultRoot = receiptRoot({ ...(await referenceOf(world)), receipt: rootless, lifetime, ...hashes });
  return { resultRoot, ...rootless };
}

/** The receipt of a call as {@link receiptOf} makes it, signed by the provider's operator unless another signs. */
export async function signed(
  world: CourtWorld,
  changes: Partial<Receipt> = {},
  signer: Signer = world.operator,
): Promise<Signed> {
  const item = itemOf(8);
  return signedAs(world, await receiptOf(world, changes, item), signer, item);
}

/** Exactly this receipt, signed. */
export async function signedAs(
  world: CourtWorld,
  receipt: Receipt,
  signer: Signer = world.operator,
  item: Item = itemOf(8),
): Promise<Signed> {
  const signature = await signer.signTypedData(await domainOf(world), TYPES, { ...receipt });
  const lifetime = world.parameters.receiptLifetime;
  const { items, acceptBy, submitWithin, challengeWindow, flags, callbackGas, ...spec } = receiptSpec(
    receipt,
    lifetime,
  );
  const frozen = receiptFrozen(receipt, lifetime);
  return {
    receipt,
    operator: await signer.getAddress(),
    signature,
    id: receiptJob({ ...(await referenceOf(world)), receipt, lifetime }),
    spec: {
      ...spec,
      items: BigInt(items),
      acceptBy: BigInt(acceptBy),
      submitWithin: BigInt(submitWithin),
      challengeWindow: BigInt(challengeWindow),
      flags: BigInt(flags),
      callbackGas: BigInt(callbackGas),
    },
    frozen: {
      ...frozen,
      submitWithin: BigInt(frozen.submitWithin),
      challengeWindow: BigInt(frozen.challengeWindow),
    },
    items: [item],
  };
}

/** Has the payer bring a receipt; nothing is awaited, so that refusals can be looked at. */
export function brings({ court, client }: CourtWorld, { receipt, operator, signature }: Signed, by = client) {
  return court.connect(by).bringReceipt(receipt, operator, signature);
}

/** The case about a receipt that was brought; its tier one is seated. */
export async function brought(world: CourtWorld, of?: Signed, by = world.client): Promise<Trial & Signed> {
  const call = of ?? (await signed(world));
  await brings(world, call, by);
  const trial = { ...call, ...trialOf(call, 0n) };
  await seated(world, trial);
  return trial;
}

/** Has the payer show two receipts. */
export function provesDouble({ court, client }: CourtWorld, a: Signed, b: Signed, by = client) {
  return court.connect(by).proveDoubleReceipt(a.receipt, a.operator, a.signature, b.receipt, b.operator, b.signature);
}

const TYPES = { Receipt: [...receiptTypes.Receipt] };

async function referenceOf({ chain, market }: CourtWorld) {
  const { chainId } = await chain.ethers.provider.getNetwork();
  return { chainId: Number(chainId), market: (await market.getAddress()) as Address };
}
