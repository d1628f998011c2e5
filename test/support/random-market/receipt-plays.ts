import { keccak256 } from "viem";
import type { HDAccount } from "viem/accounts";
import {
  type Receipt,
  receiptFrozen,
  receiptJob,
  receiptRoot,
  receiptSpec,
  receiptTypedData,
} from "../../../client-sdk/src/protocol/receipt.ts";
import { traceRoot } from "../../../client-sdk/src/protocol/trace.ts";
import { FATES, type Fate } from "./fates.ts";
import { type Ground, usd } from "./ground.ts";
import { newItem, operatorOf, referenceOf } from "./jobs.ts";
import { COURT, JUDGED } from "./market.ts";
import type { Play, Playwright } from "./play-types.ts";
import { judge, refill, type Trial, trialOf } from "./trials.ts";

/** Receipts of live calls before the court. */
export const RECEIPT_PLAYS: Readonly<Record<string, Playwright>> = {
  trueReceipt: (ground) => brought(ground, FATES.acquitted),
  falseReceipt: (ground) => brought(ground, FATES.convicted),
  unjudgedReceipt: (ground) => brought(ground, FATES.noQuorum),
  doubleReceipt,
};

interface Signed extends Trial {
  readonly receipt: Receipt;
  readonly signer: HDAccount;
  readonly signature: `0x${string}`;
}

async function* brought(ground: Ground, fate: Fate): Play {
  await refill(ground);
  const signed = await newReceipt(ground);
  if (ground.random.chance(0.8)) await ground.court(signed.provider, "postBond", [usd(15)]);
  if (ground.random.chance(0.4)) await ground.court(signed.provider, "requestBondExit", [usd(12)]);
  yield;
  const { receipt, signer, signature } = signed;
  await ground.court(signed.client, "bringReceipt", [receipt, signer.address, signature]);
  yield* judge(ground, signed, fate);
}

async function* doubleReceipt(ground: Ground): Play {
  const { random, people } = ground;
  const a = await newReceipt(ground);
  const other = { ...a.receipt, cumulative: a.receipt.cumulative + 1n, requestHash: random.hash() };
  const b = await signedReceipt(ground, other, a);
  if (random.chance(0.5)) await ground.court(a.provider, "postBond", [usd(30)]);
  yield;
  const proof = [a.receipt, a.signer.address, a.signature, b.receipt, b.signer.address, b.signature] as const;
  await ground.tries(ground.court(random.pick(people.clients), "proveDoubleReceipt", proof));
  await ground.tries(ground.court(a.client, "proveDoubleReceipt", proof));
}

/** A receipt of a call made just now. */
async function newReceipt(ground: Ground): Promise<Signed> {
  const { random, people } = ground;
  const client = random.pick(people.clients);
  const provider = random.pick(people.providers);
  const item = newItem(ground);
  const amount = random.amount(1_000n, 30_000n);
  const rootless = {
    provider: provider.address,
    payer: client.address,
    model: JUDGED,
    channelId: random.hash(),
    seq: BigInt(random.between(1, 9)),
    cumulative: amount * 3n,
    requestHash: keccak256(item.request),
    promptTokens: random.between(1, 99),
    completionTokens: random.between(1, 99),
    amount,
    issuedAt: Number(ground.time),
  };
  const hashes = { outputHash: keccak256(item.output), traceRoot: traceRoot(item.trace) };
  const lifetime = COURT.receiptLifetime;
  const receipt = {
    ...rootless,
    resultRoot: receiptRoot({ ...referenceOf(ground), receipt: rootless, lifetime, ...hashes }),
  };
  return await signedReceipt(ground, receipt, { client, provider, items: [item] });
}

async function signedReceipt(
  ground: Ground,
  receipt: Receipt,
  { client, provider, items }: Pick<Trial, "client" | "provider" | "items">,
): Promise<Signed> {
  const signer = ground.random.pick([provider, operatorOf(ground, provider)]);
  const reference = { ...referenceOf(ground), receipt };
  const lifetime = COURT.receiptLifetime;
  const job = {
    id: receiptJob({ ...reference, lifetime }),
    spec: receiptSpec(receipt, lifetime),
    frozen: receiptFrozen(receipt, lifetime),
  };
  const signature = await signer.signTypedData(receiptTypedData(reference));
  return { ...trialOf({ ...job, client, provider, items }, 0n), receipt, signer, signature };
}
