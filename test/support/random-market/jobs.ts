import { type Hex, keccak256, zeroAddress } from "viem";
import type { HDAccount } from "viem/accounts";
import { answerOf } from "../../../client-sdk/src/protocol/answer.ts";
import { EMPTY_FROZEN, type Frozen, freeze, freezeResult } from "../../../client-sdk/src/protocol/frozen.ts";
import { SEALED, TRACE_ENTRY_BYTES } from "../../../client-sdk/src/protocol/generated/constants.ts";
import { quoteTypes } from "../../../client-sdk/src/protocol/generated/typed-data.ts";
import { type JobSpec, jobId, jobTypedData, type MarketReference } from "../../../client-sdk/src/protocol/job.ts";
import { inputRoot, type ResultItem, resultRoot } from "../../../client-sdk/src/protocol/leaf.ts";
import { traceRoot } from "../../../client-sdk/src/protocol/trace.ts";
import { type Ground, usd } from "./ground.ts";
import { JUDGED, MARKET, viewsOf } from "./market.ts";

/** The bytes behind an item. */
export interface Item {
  readonly request: Uint8Array;
  readonly output: Uint8Array;
  readonly trace: Uint8Array;
}

/** A job as far as it has come, with all that its provider keeps of it. */
export interface Job {
  readonly id: Hex;
  readonly spec: JobSpec;
  readonly frozen: Frozen;
  readonly items: readonly Item[];
  readonly client: HDAccount;
  /** Who takes it on, or would. */
  readonly provider: HDAccount;
}

const HOUR = 3_600;
/** What is drawn for certain, and what practically never is. */
export const DRAWN_PRICE = usd(5);
export const SMALL_PRICE = 1_000n;

export function referenceOf({ contracts }: Ground): MarketReference {
  return { chainId: 31_337, market: contracts.market };
}

/** The key that acts for a provider. */
export function operatorOf({ people }: Ground, provider: HDAccount): HDAccount {
  return people.operators[people.providers.indexOf(provider)] ?? provider;
}

export function newItem({ random }: Ground): Item {
  const trace = random.bytes(TRACE_ENTRY_BYTES * random.between(1, 3));
  return { request: random.bytes(40), output: random.bytes(60), trace };
}

/** A job that nobody knows yet, for a provider. It names it, unless it is open to all. */
export function newJob(ground: Ground, changes: Partial<JobSpec> = {}, isOpen = false): Job {
  const { random, people } = ground;
  const client = random.pick(people.clients);
  const provider = random.pick(people.providers);
  const items = Array.from({ length: random.between(1, 3) }, () => newItem(ground));
  const spec: JobSpec = {
    client: client.address,
    provider: isOpen ? zeroAddress : provider.address,
    model: JUDGED,
    input: inputRoot(items.map(({ request }) => keccak256(request))),
    items: items.length,
    price: random.amount(usd(1), usd(4)),
    acceptBy: Number(ground.time) + HOUR,
    submitWithin: HOUR,
    challengeWindow: random.between(MARKET.minChallengeWindow, HOUR),
    flags: 0,
    callback: zeroAddress,
    callbackGas: 0,
    salt: random.hash(),
    ...changes,
  };
  return { id: jobId({ ...referenceOf(ground), spec }), spec, frozen: EMPTY_FROZEN, items, client, provider };
}

export async function post(ground: Ground, job: Job): Promise<Job> {
  const uri = ground.random.chance(0.5) ? "" : `https://inputs.example/${job.id}`;
  await ground.market(job.client, "post", [job.spec, uri]);
  return job;
}

/** What an accept just now has frozen. */
async function engaged(ground: Ground, job: Job): Promise<Job> {
  const verified = job.spec.flags !== SEALED && (await viewsOf(ground).isVerified(job.spec.model));
  return { ...job, frozen: freeze(job.spec, job.provider.address, verified) };
}

export async function accept(ground: Ground, job: Job): Promise<Job> {
  const by = ground.random.pick([job.provider, operatorOf(ground, job.provider)]);
  await ground.market(by, "accept", [job.spec, job.provider.address]);
  return engaged(ground, job);
}

/** Posts a job by a quote of its provider, signed by its operator. */
export async function postQuoted(ground: Ground, job: Job): Promise<Job> {
  const validUntil = Number(ground.time) + 60;
  const signer = operatorOf(ground, job.provider);
  const { domain } = jobTypedData({ ...referenceOf(ground), spec: job.spec });
  const message = { job: job.id, validUntil };
  const signature = await signer.signTypedData({ domain, types: quoteTypes, primaryType: "Quote", message });
  await ground.market(job.client, "postAccepted", [job.spec, validUntil, signer.address, signature]);
  return engaged(ground, job);
}

export async function submit(ground: Ground, job: Job): Promise<Job> {
  const root = resultRootOf(job);
  await ground.market(operatorOf(ground, job.provider), "submit", [job.id, job.frozen, root]);
  return { ...job, frozen: freezeResult(job.frozen, await ground.blockNumber(), root) };
}

/** Has the provider fulfil an order that the client signed. */
export async function fulfil(ground: Ground, job: Job): Promise<Job> {
  const signature = await job.client.signTypedData(jobTypedData({ ...referenceOf(ground), spec: job.spec }));
  const root = resultRootOf(job);
  await ground.market(operatorOf(ground, job.provider), "fulfil", [job.spec, signature, root]);
  const taken = await engaged(ground, job);
  return { ...taken, frozen: freezeResult(taken.frozen, await ground.blockNumber(), root) };
}

/** What the provider answers to a demand. */
export function answerFor(job: Job, item: number, chunk: number) {
  const wanted = job.items[item] as Item;
  const requestHashes = job.items.map(({ request }) => keccak256(request));
  const source = { job: job.id, provider: job.frozen.provider, items: resultsOf(job), requestHashes, item, chunk };
  return answerOf({ ...source, ...wanted });
}

function resultRootOf(job: Job): Hex {
  return resultRoot({ job: job.id, provider: job.provider.address, items: resultsOf(job) });
}

function resultsOf({ items }: Job): ResultItem[] {
  return items.map(({ output, trace }) => ({ outputHash: keccak256(output), traceRoot: traceRoot(trace) }));
}
