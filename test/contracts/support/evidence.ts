import { randomBytes } from "node:crypto";
import { keccak256 } from "ethers";
import type { Address, Hex } from "viem";
import { answerOf } from "../../../client-sdk/src/protocol/answer.ts";
import { inputRoot, resultRoot } from "../../../client-sdk/src/protocol/leaf.ts";
import { traceRoot } from "../../../client-sdk/src/protocol/trace.ts";
import { DRAWN_PRICE, mine } from "./cases.ts";
import { type CourtWorld, JUDGED_MODEL } from "./court-world.ts";
import { accepted, asSubmitted, type Job, type Spec } from "./jobs.ts";

/** The bytes behind an item. */
export interface Item {
  readonly request: Uint8Array;
  readonly output: Uint8Array;
  readonly trace: Uint8Array;
}

/** A submitted job with all that its provider keeps of it. */
export interface Evidence extends Job {
  readonly items: readonly Item[];
}

const ENTRY_BYTES = 52;

/** An item whose trace has so many entries. */
export function itemOf(tokens: number): Item {
  return { request: randomBytes(64), output: randomBytes(128), trace: randomBytes(tokens * ENTRY_BYTES) };
}

/** A job of the verified model with real items; its draw can be read. */
export async function delivered(
  world: CourtWorld,
  items: readonly Item[],
  changes: Partial<Spec> = {},
): Promise<Evidence> {
  const input = inputRoot(requestHashesOf(items));
  const spec = { model: JUDGED_MODEL, price: DRAWN_PRICE, input, items: BigInt(items.length), ...changes };
  const job = await accepted(world, spec);
  const root = resultRoot({ job: job.id as Hex, provider: job.frozen.provider as Address, items: resultsOf(items) });
  await world.market.connect(world.provider).submit(job.id, job.frozen, root);
  const submitted = await asSubmitted(world, job, root);
  await mine(world, world.parameters.drawDelay);
  return { ...submitted, items };
}

/** What the provider answers to a demand for a chunk of an item. */
export function answerFor({ id, frozen, items }: Evidence, item: number, chunk = 0) {
  const { request, output, trace } = items[item] as Item;
  const provider = frozen.provider as Address;
  const requestHashes = requestHashesOf(items);
  const source = { job: id as Hex, provider, items: resultsOf(items), requestHashes };
  const { resultProof, inputProof, traceProof, ...rest } = answerOf({ ...source, item, chunk, request, output, trace });
  return { ...rest, resultProof: [...resultProof], inputProof: [...inputProof], traceProof: [...traceProof] };
}

function requestHashesOf(items: readonly Item[]): Hex[] {
  return items.map(({ request }) => keccak256(request) as Hex);
}

function resultsOf(items: readonly Item[]) {
  return items.map(({ output, trace }) => ({ outputHash: keccak256(output) as Hex, traceRoot: traceRoot(trace) }));
}
