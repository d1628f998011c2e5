import type { Hex } from "viem";
import type { HDAccount } from "viem/accounts";
import { caseId, commitmentOf } from "../../../client-sdk/src/protocol/case.ts";
import { DRAW_KEY } from "../../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus } from "../../../client-sdk/src/protocol/generated/enums.ts";
import { encodeWord } from "../../../client-sdk/src/protocol/word.ts";
import type { Fate, Speech } from "./fates.ts";
import type { Ground } from "./ground.ts";
import { accept, DRAWN_PRICE, type Job, newJob, post, submit } from "./jobs.ts";
import { COURT, JUDGED, viewsOf } from "./market.ts";
import type { Play, Wait } from "./play-types.ts";

/** A case of a job, or of a receipt as the job it stands for. */
export interface Trial extends Job {
  readonly key: bigint;
  readonly caseId: Hex;
}

interface Said {
  readonly position: number;
  readonly word: Hex;
  readonly salt: Hex;
}

const SEATS_OF_TIER: Readonly<Record<number, readonly number[]>> = {
  1: [0, 1, 2],
  2: [3, 4, 5, 6, 7, 8, 9, 10, 11],
};

export function trialOf(job: Job, key: bigint = DRAW_KEY): Trial {
  return { ...job, key, caseId: caseId({ job: job.id, key }) };
}

/** Brings the court in order: every seat has its stake again, the judged model is verified, the providers have theirs. */
export async function refill(ground: Ground): Promise<void> {
  const views = viewsOf(ground);
  for (const validator of ground.people.validators) {
    const number = await views.seatOf(validator.address);
    if (number === 0) continue;
    const { stake } = await views.seatAt(number);
    if (stake > 0n && stake < COURT.seatStake) await ground.court(validator, "stakeSeat", [COURT.seatStake - stake]);
    if (stake === 0n && ground.people.validators.indexOf(validator) < 15) {
      await ground.court(validator, "stakeSeat", [COURT.seatStake]);
    }
  }
  for (const provider of ground.people.providers) {
    const { stake } = await views.accountOf(provider.address);
    if (stake < 500_000_000n) await ground.market(provider, "stake", [1_000_000_000n - stake]);
  }
  if (!(await views.isVerified(JUDGED))) await ground.court(ground.people.deployer, "refreshPanel", [JUDGED]);
}

/** A job of the judged model whose draw is decided. */
export async function* judged(ground: Ground, price = DRAWN_PRICE): AsyncGenerator<Wait, Job, void> {
  await refill(ground);
  const posted = await post(ground, newJob(ground, { price, challengeWindow: 14_400 }));
  yield;
  const accepted = await accept(ground, posted);
  yield;
  const job = await submit(ground, accepted);
  yield { block: job.frozen.submitBlock + BigInt(COURT.drawDelay) + 1n };
  return job;
}

export async function openDrawn(ground: Ground, job: Job): Promise<Trial> {
  await ground.court(ground.random.pick(ground.people.strangers), "openDrawn", [job.spec, job.frozen]);
  return trialOf(job);
}

/** The client's case on an item; its panel is yet to be drawn. */
export async function challenge(ground: Ground, job: Job, item: number): Promise<Trial> {
  await ground.court(job.client, "challenge", [job.spec, job.frozen, item]);
  return trialOf(job, BigInt(item));
}

/** Leads a case to its end. */
export async function* judge(ground: Ground, trial: Trial, fate: Fate): Play {
  const { random, people } = ground;
  const first = yield* speak(ground, trial, fate.first);
  if (first === undefined) return;
  if (fate.isAppealed) {
    await ground.court(trial.client, "appeal", [trial.spec, trial.frozen, trial.key]);
  } else {
    yield* over(ground, trial, fate.second === undefined);
    await ground.court(random.pick(people.strangers), "close", [trial.spec, trial.frozen, trial.key]);
  }
  if (fate.second === undefined) return;
  yield;
  if ((yield* speak(ground, trial, fate.second)) === undefined) return;
  yield* over(ground, trial, false);
  await ground.court(random.pick(people.strangers), "close", [trial.spec, trial.frozen, trial.key]);
}

/** Draws the panel of a pinned case. Nothing where the case is over by that. */
export async function* seat(ground: Ground, trial: Trial): AsyncGenerator<Wait, true | undefined, void> {
  const views = viewsOf(ground);
  const { status, anchor } = await views.caseOf(trial.caseId);
  if (status === CaseStatus.Pinned) {
    yield { block: BigInt(anchor) + 1n };
    await ground.court(ground.random.pick(ground.people.strangers), "seatPanel", [trial.spec, trial.frozen, trial.key]);
  }
  return (await views.caseOf(trial.caseId)).status === CaseStatus.Closed ? undefined : true;
}

/** Has a tier seated, commit and reveal. Nothing where the case is over before. */
async function* speak(ground: Ground, trial: Trial, says: Fate["first"]): AsyncGenerator<Wait, true | undefined, void> {
  if ((yield* seat(ground, trial)) === undefined) return undefined;
  const { tier } = await viewsOf(ground).caseOf(trial.caseId);
  const said: Said[] = [];
  for (const position of SEATS_OF_TIER[tier] ?? []) {
    const one = await commit(ground, trial, position, says(ground.random, position));
    if (one !== undefined) said.push(one);
    yield;
  }
  const { status, since } = await viewsOf(ground).caseOf(trial.caseId);
  if (status === CaseStatus.Commit) yield { time: BigInt(since) + BigInt(COURT.commitWindow) };
  for (const { position, word, salt } of ground.random.shuffled(said)) {
    const by = ground.random.pick(ground.people.strangers);
    await ground.court(by, "reveal", [trial.caseId, BigInt(position), word, salt]);
    yield;
  }
  return true;
}

/** What its seat committed to, if it will reveal it. */
export async function commit(
  ground: Ground,
  trial: Trial,
  position: number,
  speech: Speech,
): Promise<Said | undefined> {
  const number = (await viewsOf(ground).seatsOf(trial.caseId))[position] ?? 0;
  if (number === 0 || speech === undefined) return undefined;
  const said: Said = { position, word: encodeWord(speech.word), salt: ground.random.hash() };
  const words = { court: ground.contracts.court, caseId: trial.caseId, seat: number, ...said };
  const sitter = await sitterOf(ground, number);
  await ground.court(sitter, "commit", [trial.caseId, BigInt(position), commitmentOf(words)]);
  return speech.isSilent ? undefined : said;
}

export async function sitterOf(ground: Ground, number: number): Promise<HDAccount> {
  const { owner } = await viewsOf(ground).seatAt(number);
  const sitter = ground.people.validators.find(({ address }) => address === owner);
  if (sitter === undefined) throw new Error(`Nobody owns seat ${number}.`);
  return sitter;
}

/** Until the tier may be closed: all have revealed, or their time has passed; after an acquittal, that of an appeal. */
async function* over(ground: Ground, trial: Trial, acquits: boolean): AsyncGenerator<Wait, void, void> {
  const { status, since } = await viewsOf(ground).caseOf(trial.caseId);
  const { commitWindow, revealWindow, appealWindow } = COURT;
  if (status === CaseStatus.Commit) yield { time: BigInt(since + commitWindow + revealWindow) };
  else if (status === CaseStatus.Reveal) yield { time: BigInt(since + revealWindow) };
  else if (acquits) yield { time: BigInt(since + appealWindow) };
}
