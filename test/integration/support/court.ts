import {
  type Answer,
  answerOf,
  type CaseRecord,
  encodeWord,
  FIRST_TIER_SEATS,
  inputRoot,
  type JobSpec,
  type ModelTerms,
  outputHash,
  requestHash,
  resultRoot,
  termsId,
  traceRoot,
  type Word,
} from "@touchstone/sdk";
import { type Hex, keccak256, stringToHex, toHex } from "viem";
import { localCourtParameters } from "../../../scripts/network/parameters.ts";
import type { World } from "./sdk-world.ts";
import { newBuyer, newProvider, type Person } from "./trade.ts";

/** By which the panel of the tests judges. */
export const TERMS: ModelTerms = {
  manifestHash: keccak256(stringToHex("judged storyteller")),
  backendClass: keccak256(stringToHex("test")),
  tolerances: {
    ...{ marginTolerance: 100, marginThreshold: 1_000, traceTolerance: 100, traceThreshold: 1_000 },
    probeTolerance: 1_000,
  },
  traceKind: keccak256(stringToHex("top8-int16")),
};
export const JUDGED_MODEL = termsId(TERMS);

/** The price from which on every job is drawn. */
export const DRAWN_PRICE = localCourtParameters.auditValue;

const NOTHING = { tokens: 40, mismatches: 0, margin: 3, distance: 7, probes: Array.from({ length: 12 }, () => 5) };

/** What a seat says that found nothing, and what one that found a cheat. */
export const FINE: Hex = encodeWord(NOTHING satisfies Word);
export const GUILTY: Hex = encodeWord({ ...NOTHING, mismatches: 20, margin: 30_000 });
/** What a seat says that did not look. */
export const GUESSED: Hex = encodeWord({ ...NOTHING, probes: NOTHING.probes.map((_, index) => index * 100) });

/** The people of a panel of thirteen: a tier two that follows a tier one leaves one over. */
export interface Panel {
  readonly seats: readonly Person[];
  /** By the number of the seat. */
  readonly byNumber: ReadonlyMap<number, Person>;
}

/** Opens the panel of the judged model, fills it, and makes the model verified. */
export async function newPanel(world: World, size = 13): Promise<Panel> {
  const seats: Person[] = [];
  const byNumber = new Map<number, Person>();
  for (let index = 0; index < size; index += 1) {
    const person = await world.newcomer();
    await person.depositWithPermit({ amount: 500_000_000n });
    const { seat } = await person.stakeSeat({ amount: localCourtParameters.seatStake });
    if (index === 0) {
      await person.openPanel({ terms: TERMS });
    }
    await person.joinPanel({ model: JUDGED_MODEL });
    seats.push(person);
    byNumber.set(seat, person);
  }
  await world.pass(localCourtParameters.seatMinAge);
  await seats[0]!.refreshPanel({ model: JUDGED_MODEL });
  return { seats, byNumber };
}

/** A submitted job on the judged model, with all that its provider knows. */
export interface JudgedJob {
  readonly job: Hex;
  readonly spec: JobSpec;
  readonly buyer: Person;
  readonly provider: Person;
  /** What answers a demand for an item. */
  answer(item: number, chunk?: number): Answer;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Posts, accepts and submits a job of two items with traces, of 3 tokens and of 1,100. */
export async function judgedJob(
  world: World,
  changes: { readonly price?: bigint; readonly sealed?: boolean; readonly challengeWindow?: number } = {},
): Promise<JudgedJob> {
  const [buyer, provider] = [await newBuyer(world), await newProvider(world)];
  const requests = ["Tell a story about a fox.", "Tell a story about an owl."].map(bytesOf);
  const outputs = ["A fox slept.", "An owl slept."].map(bytesOf);
  const traces = [3, 1_100].map((tokens) => Uint8Array.from({ length: tokens * 52 }, (_, index) => index % 251));
  const requestHashes = requests.map(requestHash);
  const { job, spec } = await buyer.postJob({
    ...{ model: JUDGED_MODEL, input: inputRoot(requestHashes), items: 2, price: DRAWN_PRICE, challengeWindow: 20 },
    ...changes,
  });
  await provider.acceptJob({ spec });
  const items = outputs.map((output, index) => {
    return { outputHash: outputHash(output), traceRoot: traceRoot(traces[index]!) };
  });
  const owner = provider.account.address;
  await provider.submitResult({ job, resultRoot: resultRoot({ job, provider: owner, items }) });
  return {
    ...{ job, spec, buyer, provider },
    answer(item, chunk = 0) {
      const known = { job, provider: owner, items, requestHashes, item, chunk };
      return answerOf({ ...known, request: requests[item]!, output: outputs[item]!, trace: traces[item]! });
    },
  };
}

/** Mines until the block that decides is there. */
export async function untilDecided(world: World): Promise<void> {
  await world.tester.mine({ blocks: localCourtParameters.drawDelay + 1 });
}

/** The salt of a position: anything that only its seat knows. */
export function saltOf(position: number): Hex {
  return keccak256(toHex(position + 1));
}

/** The seated positions of the tier in which a case is. */
export function seatedIn({ tier, positions }: CaseRecord): CaseRecord["positions"] {
  return positions.filter(({ position }) => position < FIRST_TIER_SEATS === (tier === 1));
}

/** Has seats commit to words and reveal them; a position without a word stays silent. */
export async function speak(
  { byNumber }: Panel,
  record: CaseRecord,
  wordOf: (position: number) => Hex | undefined,
): Promise<void> {
  const speaking = seatedIn(record).flatMap(({ position, seat }) => {
    const [word, person] = [wordOf(position), byNumber.get(seat)!];
    return word === undefined
      ? []
      : [{ person, said: { caseId: record.caseId, position, seat, word, salt: saltOf(position) } }];
  });
  for (const { person, said } of speaking) {
    await person.commitWord(said);
  }
  for (const { person, said } of speaking) {
    await person.revealWord(said);
  }
}
