import { id as hashText, TypedDataEncoder } from "ethers";
import { jobSpecTypes, marketDomain } from "../../../client-sdk/src/protocol/generated/typed-data.ts";
import { now, pass } from "./clock.ts";
import { type MarketWorld, usd, ZERO_ADDRESS, ZERO_HASH } from "./world.ts";

export interface Spec {
  readonly client: string;
  readonly provider: string;
  readonly model: string;
  readonly input: string;
  readonly items: bigint;
  readonly price: bigint;
  readonly acceptBy: bigint;
  readonly submitWithin: bigint;
  readonly challengeWindow: bigint;
  readonly flags: bigint;
  readonly callback: string;
  readonly callbackGas: bigint;
  readonly salt: string;
}

export interface Frozen {
  readonly provider: string;
  readonly price: bigint;
  readonly submitWithin: bigint;
  readonly challengeWindow: bigint;
  readonly verified: boolean;
  readonly submitBlock: bigint;
  readonly resultRoot: string;
}

/** A job that a test has brought to some point of its life. */
export interface Job {
  readonly spec: Spec;
  readonly id: string;
  readonly frozen: Frozen;
}

export const MODEL = hashText("model");
export const ROOT = hashText("results");
/** No share of it is a whole number of token units. */
export const PRICE = usd(3) + 333_333n;
export const HOUR = 3_600n;

/** What `expire` takes for a job that nobody accepted. */
export const NOT_FROZEN: Frozen = {
  provider: ZERO_ADDRESS,
  price: 0n,
  submitWithin: 0n,
  challengeWindow: 0n,
  verified: false,
  submitBlock: 0n,
  resultRoot: ZERO_HASH,
};

/** A spec for `world.provider` that is right in every part, but for what is changed. */
export async function specOf(world: MarketWorld, changes: Partial<Spec> = {}): Promise<Spec> {
  return {
    client: world.client.address,
    provider: world.provider.address,
    model: MODEL,
    input: hashText("input"),
    items: 8n,
    price: PRICE,
    acceptBy: (await now(world)) + HOUR,
    submitWithin: HOUR,
    challengeWindow: HOUR,
    flags: 0n,
    callback: ZERO_ADDRESS,
    callbackGas: 0n,
    salt: ZERO_HASH,
    ...changes,
  };
}

/** What `JobPosted` tells: with the reserved fields zero, the whole spec. */
export function postedEvent(id: string, spec: Spec, uri: string): readonly (string | bigint)[] {
  const { client, provider, model, input, items, price, acceptBy, submitWithin, challengeWindow, flags, salt } = spec;
  return [id, client, provider, model, input, items, price, acceptBy, submitWithin, challengeWindow, flags, salt, uri];
}

/** The EIP-712 domain of a world's market. */
export async function domainOf({ chain, market }: MarketWorld) {
  const { chainId } = await chain.ethers.provider.getNetwork();
  return { ...marketDomain, chainId, verifyingContract: await market.getAddress() };
}

/** The EIP-712 types of a spec, as ethers wants them. */
export const SPEC_TYPES = { JobSpec: [...jobSpecTypes.JobSpec] };

/** The job id, computed without the contract. */
export async function idOf(world: MarketWorld, spec: Spec): Promise<string> {
  return TypedDataEncoder.hash(await domainOf(world), SPEC_TYPES, spec);
}

/** What an accept freezes. */
export function freeze(spec: Spec, provider: string, verified = false): Frozen {
  const { price, submitWithin, challengeWindow } = spec;
  return { ...NOT_FROZEN, provider, price, submitWithin, challengeWindow, verified };
}

/** A job posted by the world's client. */
export async function posted(world: MarketWorld, changes: Partial<Spec> = {}): Promise<Job> {
  const spec = await specOf(world, changes);
  await world.market.connect(world.client).post(spec, "");
  return { spec, id: await idOf(world, spec), frozen: NOT_FROZEN };
}

/** A job posted by the client and accepted by a provider, the world's if no other is given. */
export async function accepted(world: MarketWorld, changes: Partial<Spec> = {}, by = world.provider): Promise<Job> {
  const job = await posted(world, changes);
  const receipt = await (await world.market.connect(by).accept(job.spec, by)).wait();
  const [log] = receipt?.logs.map((entry) => world.market.interface.parseLog(entry)) ?? [];
  return { ...job, frozen: freeze(job.spec, by.address, log?.args.verified) };
}

/** A job whose result its provider has submitted. */
export async function submitted(world: MarketWorld, changes: Partial<Spec> = {}, by = world.provider): Promise<Job> {
  const job = await accepted(world, changes, by);
  await world.market.connect(by).submit(job.id, job.frozen, ROOT);
  return asSubmitted(world, job);
}

/** A submitted job whose challenge window is over. */
export async function due(world: MarketWorld, changes: Partial<Spec> = {}, by = world.provider): Promise<Job> {
  const job = await submitted(world, changes, by);
  await pass(world, job.spec.challengeWindow);
  return job;
}

/** The job with what its submit, in the latest block, has frozen. */
export async function asSubmitted(world: MarketWorld, job: Job, resultRoot = ROOT): Promise<Job> {
  const submitBlock = BigInt(await world.chain.networkHelpers.time.latestBlock());
  return { ...job, frozen: { ...job.frozen, submitBlock, resultRoot } };
}

/** The status of a job: a value of `JobStatus`. */
export async function statusOf({ market }: MarketWorld, id: string): Promise<bigint> {
  return (await market.jobOf(id)).status;
}

/** When the job's status, or the submit behind it, came about. */
export async function sinceOf({ market }: MarketWorld, id: string): Promise<bigint> {
  return (await market.jobOf(id)).since;
}
