import { encodeWord, type Frozen, type JobSpec, type Word } from "@touchstone/sdk/protocol";
import { type Hex, keccak256, toHex } from "viem";
import type { MarketClient } from "../network/clients.ts";
import { publicCourtParameters } from "../network/parameters.ts";
import { fresh, type GasWorld } from "./world.ts";

/** A verified model with the smallest panel of public networks: `seats[n - 1]` acts for seat n. */
export interface Judges {
  readonly model: Hex;
  readonly seats: readonly MarketClient[];
}

/** A submitted job whose draw can be read. */
export interface DueJob {
  readonly job: Hex;
  readonly spec: JobSpec;
  readonly frozen: Frozen;
  readonly acceptGas: number;
}

/** Drawn for certain. */
export const DRAWN_PRICE = publicCourtParameters.auditValue;

const PROBES = [311, -402, 513, -624, 735, -846, 957, -1068, 1179, -1280, 1391, -1402];
const HONEST: Word = { tokens: 512, mismatches: 9, margin: 201, distance: 102, probes: PROBES };
const GUILTY: Word = { ...HONEST, mismatches: 203, margin: 5_004, distance: 2_005 };

/** Words as they are in cases: every lane is filled, for a zero byte is cheaper. */
export const WORDS = { honest: encodeWord(HONEST), guilty: encodeWord(GUILTY) } as const;

/** Seats forty newcomers on the panel of a new model, and lets them grow old enough. */
export async function seatJudges(world: GasWorld): Promise<Judges> {
  const { client, wait } = world;
  const { minPanel, seatStake, seatMinAge } = publicCourtParameters;
  const tolerances = { marginTolerance: 100, marginThreshold: 1_000, traceTolerance: 50, traceThreshold: 500 };
  const terms = {
    manifestHash: fresh(),
    backendClass: fresh(),
    tolerances: { ...tolerances, probeTolerance: 10_000 },
    traceKind: fresh(),
  };
  const { model } = await client.openPanel({ terms });
  const seats: MarketClient[] = [];
  for (let index = 0; index < minPanel; index++) {
    const judge = await world.newcomer();
    const { seat } = await judge.stakeSeat({ amount: seatStake });
    await judge.joinPanel({ model });
    seats[seat - 1] = judge;
  }
  await wait(seatMinAge);
  const { isVerified } = await client.refreshPanel({ model });
  if (!isVerified) {
    throw new Error("The model should be verified by now.");
  }
  return { model, seats };
}

/** A job that the provider has submitted, of the verified model or of one that nobody judges. */
export async function submitJob(
  world: GasWorld,
  { model, price, challengeWindow }: { readonly model: Hex; readonly price: bigint; readonly challengeWindow: number },
  {
    input = fresh(),
    items = 8,
    rootOf = () => fresh(),
  }: { input?: Hex; items?: number; rootOf?: (job: Hex) => Hex } = {},
): Promise<DueJob> {
  const { client, operator, providerAddress: provider, mine } = world;
  const { spec } = await client.prepareJob({
    model,
    input,
    items,
    price,
    provider,
    submitWithin: 600,
    challengeWindow,
    salt: fresh(),
  });
  const { job } = await client.postJob({ spec });
  const accepted = await operator.acceptJob({ spec, provider });
  const { frozen } = await operator.submitResult({ ...accepted, resultRoot: rootOf(job) });
  await mine(publicCourtParameters.drawDelay + 1);
  return { job, spec, frozen, acceptGas: Number(accepted.receipt.gasUsed) };
}

/** Has every seat of a tier commit to a word and reveal it. @returns The gas of each transaction. */
export async function speak(
  { seats }: Judges,
  caseId: Hex,
  tier: { readonly first: number; readonly numbers: readonly number[] },
  word: Hex,
): Promise<number[]> {
  const gas: number[] = [];
  const voices = tier.numbers.map((seat, index) => ({
    judge: seats[seat - 1] as MarketClient,
    said: { caseId, position: tier.first + index, word, salt: keccak256(toHex(`salt ${caseId} ${seat}`)) },
    seat,
  }));
  for (const { judge, said, seat } of voices) {
    gas.push(Number((await judge.commitWord({ ...said, seat })).receipt.gasUsed));
  }
  for (const { judge, said } of voices) {
    gas.push(Number((await judge.revealWord(said)).receipt.gasUsed));
  }
  return gas;
}
