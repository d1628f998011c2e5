import { id as hashText, hexlify, randomBytes } from "ethers";
import type { Hex } from "viem";
import { caseId, commitmentOf } from "../../../client-sdk/src/protocol/case.ts";
import { DRAW_KEY } from "../../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus } from "../../../client-sdk/src/protocol/generated/enums.ts";
import { encodeWord, type Word } from "../../../client-sdk/src/protocol/word.ts";
import { pass } from "./clock.ts";
import { type CourtWorld, JUDGED_MODEL } from "./court-world.ts";
import { accepted, asSubmitted, type Job, ROOT, type Spec } from "./jobs.ts";
import { usd } from "./world.ts";

/** A case of a job, as a test has brought it to some point. */
export interface Trial extends Job {
  readonly key: bigint;
  readonly caseId: Hex;
}

/** So much is drawn for certain, with the parameters of public networks. */
export const DRAWN_PRICE = usd(5);
/** So much is drawn once in five million times. */
export const SMALL_PRICE = 1n;

/** What honest seats say of an honest result. */
export const HONEST: Word = {
  tokens: 512,
  mismatches: 3,
  margin: 200,
  distance: 100,
  probes: [1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12],
};
/** What honest seats say of a cheat. */
export const GUILTY: Word = { ...HONEST, mismatches: 200, margin: 5_000, distance: 2_000 };
/** What somebody says who guesses. */
export const GUESS: Word = { ...HONEST, probes: [500, -500, 500, -500, 500, -500, 500, -500, 500, -500, 500, -500] };

export const FIRST_TIER: readonly number[] = [0, 1, 2];
export const SECOND_TIER: readonly number[] = [3, 4, 5, 6, 7, 8, 9, 10, 11];

/** A submitted job of the verified model; its draw can be read. */
export async function judged(world: CourtWorld, changes: Partial<Spec> = {}): Promise<Job> {
  const job = await accepted(world, { model: JUDGED_MODEL, price: DRAWN_PRICE, ...changes });
  await world.market.connect(world.provider).submit(job.id, job.frozen, ROOT);
  const submitted = await asSubmitted(world, job);
  await mine(world, world.parameters.drawDelay);
  return submitted;
}

/** The case of a job that the draw chose, opened by the stranger. Its tier one is seated. */
export async function opened(world: CourtWorld, job?: Job): Promise<Trial> {
  const of = job ?? (await judged(world));
  await world.court.connect(world.stranger).openDrawn(of.spec, of.frozen);
  return trialOf(of, DRAW_KEY);
}

/** A client's case on an item, pinned and then seated. */
export async function challenged(world: CourtWorld, job: Job, item = 0n): Promise<Trial> {
  await world.court.connect(world.client).challenge(job.spec, job.frozen, item);
  const trial = trialOf(job, item);
  await seated(world, trial);
  return trial;
}

export function trialOf(job: Job, key: bigint): Trial {
  return { ...job, key, caseId: caseId({ job: job.id as Hex, key }) };
}

/** Lets the block come that draws the panel of a pinned case, and has it drawn. */
export async function seated(world: CourtWorld, { spec, frozen, key }: Trial): Promise<void> {
  await mine(world, world.parameters.drawDelay);
  await world.court.seatPanel(spec, frozen, key);
}

/** Lets so many blocks come. */
export async function mine({ chain }: CourtWorld, blocks: number): Promise<void> {
  await chain.networkHelpers.mine(blocks);
}

/** Who said what at which position, and what reveals it. */
export interface Said {
  readonly position: number;
  readonly word: Hex;
  readonly salt: Hex;
}

/** The account whose seat sits at a position. */
export async function sitterOf({ court, validators }: CourtWorld, { caseId: id }: Trial, position: number) {
  const seats = await court.seatsOf(id);
  return validators[Number(seats[position]) - 1] as CourtWorld["validators"][number];
}

/** The seats of a case at some positions. */
export async function seatsAt({ court }: CourtWorld, { caseId: id }: Trial, positions: readonly number[]) {
  const seats = await court.seatsOf(id);
  return positions.map((position) => seats[position] as bigint);
}

/** What a seat commits to, with a fresh salt. */
export async function sealWord({ court }: CourtWorld, { caseId: id }: Trial, position: number, word: Word) {
  const seats = await court.seatsOf(id);
  const said: Said = { position, word: encodeWord(word), salt: hexlify(randomBytes(32)) as Hex };
  const address = (await court.getAddress()) as Hex;
  return { said, commitment: commitmentOf({ court: address, caseId: id, seat: Number(seats[position]), ...said }) };
}

/** Has the seat at a position commit to a word. */
export async function commits(world: CourtWorld, trial: Trial, position: number, word: Word): Promise<Said> {
  const { said, commitment } = await sealWord(world, trial, position, word);
  const sitter = await sitterOf(world, trial, position);
  await world.court.connect(sitter).commit(trial.caseId, position, commitment);
  return said;
}

export function reveals({ court }: CourtWorld, { caseId: id }: Trial, { position, word, salt }: Said) {
  return court.reveal(id, position, word, salt);
}

/** Has seats say their words; those that are left out are absent. Then the time for them is over. */
export async function speak(world: CourtWorld, trial: Trial, words: Readonly<Record<number, Word>>): Promise<void> {
  const said: Said[] = [];
  for (const [position, word] of Object.entries(words)) {
    said.push(await commits(world, trial, Number(position), word));
  }
  const { court, parameters } = world;
  if ((await court.caseOf(trial.caseId)).status !== BigInt(CaseStatus.Reveal))
    await pass(world, parameters.commitWindow);
  for (const one of said) await reveals(world, trial, one);
  if ((await court.caseOf(trial.caseId)).status !== BigInt(CaseStatus.Revealed)) {
    await pass(world, parameters.revealWindow);
  }
}

/** The same word for several positions. */
export function all(positions: readonly number[], word: Word): Record<number, Word> {
  return Object.fromEntries(positions.map((position) => [position, word]));
}

export function closes({ court, stranger }: CourtWorld, { spec, frozen, key }: Trial) {
  return court.connect(stranger).close(spec, frozen, key);
}

/** A case whose tier one did not acquit; tier two is seated. */
export async function escalated(
  world: CourtWorld,
  trial: Trial,
  words: Readonly<Record<number, Word>> = all(FIRST_TIER, GUILTY),
): Promise<Trial> {
  await speak(world, trial, words);
  await closes(world, trial);
  await seated(world, trial);
  return trial;
}

/** One more job of the client, told apart by a name. */
export function named(name: string): Partial<Spec> {
  return { salt: hashText(name) };
}
