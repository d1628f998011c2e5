import {
  decodeTrace,
  encodeOutput,
  encodeRequest,
  encodeTrace,
  type ItemClaim,
  medianWord,
  nextCaseItem,
  traceRoot,
  type Word,
} from "@touchstone/sdk/protocol";
import { keccak256, stringToHex } from "viem";
import type { Engine } from "../engine/engine.ts";
import { wordOf } from "../verify/word-of.ts";
import { type Order, orderOf } from "./orders.ts";

/** What the seats of one case found. */
export interface CaseObservation {
  /** One for each seat. */
  readonly words: readonly Word[];
  readonly median: Word;
}

/** Seats must agree on what is wrong too. These are wrong in each of the lanes, and need no other model. */
const FALSIFICATIONS = {
  /** Tokens drawn with another seed than the job's: margins. */
  seed: (order: Order): Order => ({ ...order, seed: keccak256(order.seed) }),
  /** Tokens drawn at another temperature than the request's: margins of middle size. */
  temperature: ({ request, seed }: Order): Order => ({ request: { ...request, temperature: 1.1 }, seed }),
  /** Logits a little too far apart, as a model of other weights has them: distances. */
  logits: (order: Order): Order => order,
} as const;

type Falsification = keyof typeof FALSIFICATIONS;

/** Every second case is false, in turn by each falsification. */
const KINDS: readonly (Falsification | undefined)[] = ["seed", "temperature", "logits"].flatMap((kind) => [
  undefined,
  kind as Falsification,
]);

/** By how much falsified logits are stretched. */
const STRETCH = 1.02;

/** Items of a job that is never exhausted. */
const MANY = 1_000_000;

const signal = new AbortController().signal;

/** Has one machine write a case, by turns honestly and falsely, and all of them judge it. */
export async function observeCase(engines: readonly Engine[], set: string, index: number): Promise<CaseObservation> {
  const kind = KINDS[index % KINDS.length];
  const writer = engines[index % engines.length] as Engine;
  const items: ItemClaim[] = [];
  const covered: number[] = [];
  for (;;) {
    const item = nextCaseItem({ items: MANY, startItem: 0, covered });
    if (item === undefined) {
      break;
    }
    const { claim, entries } = await writeItem(writer, orderOf(`${set}/${index}`, item), item, kind);
    items.push(claim);
    covered.push(entries);
  }
  const wordSeed = keccak256(stringToHex(`${set}/${index}/word`));
  const words: Word[] = [];
  for (const engine of engines) {
    words.push((await wordOf(engine, items, { wordSeed, signal })).word);
  }
  return { words, median: medianWord(words) };
}

async function writeItem(engine: Engine, order: Order, index: number, kind: Falsification | undefined) {
  const { request, seed } = kind === undefined ? order : FALSIFICATIONS[kind](order);
  const { output, trace: written } = await engine.generate(request, { seed, signal });
  const trace = kind === "logits" ? stretched(written) : written;
  const claim: ItemClaim = {
    index,
    request: encodeRequest(order.request),
    output: encodeOutput(output),
    trace,
    traceRoot: traceRoot(trace),
    seed: order.seed,
  };
  return { claim, entries: decodeTrace(trace).length };
}

function stretched(trace: Uint8Array): Uint8Array {
  const stretch = ({ id, logit }: { readonly id: number; readonly logit: number }) => ({ id, logit: logit * STRETCH });
  return encodeTrace(decodeTrace(trace).map((entry) => ({ ...entry, candidates: entry.candidates.map(stretch) })));
}
