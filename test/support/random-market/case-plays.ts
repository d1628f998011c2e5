import { FATES, type Fate } from "./fates.ts";
import type { Ground } from "./ground.ts";
import { answerFor, type Job, operatorOf, SMALL_PRICE } from "./jobs.ts";
import { COURT, viewsOf } from "./market.ts";
import { type Play, type Playwright, seconds, type Wait } from "./play-types.ts";
import { challenge, commit, judge, judged, openDrawn, refill, seat, sitterOf, type Trial, trialOf } from "./trials.ts";

/** Cases about jobs, to every verdict. */
export const CASE_PLAYS: Readonly<Record<string, Playwright>> = {
  ...Object.fromEntries(Object.entries(FATES).map(([name, fate]) => [name, (ground) => drawn(ground, fate)] as const)),
  challenged,
  moot,
  denounced,
  answeredSeat,
  withheldFromSeat,
  answeredClient,
  withheldTwice,
  late,
} satisfies Record<string, Playwright>;

async function* drawn(ground: Ground, fate: Fate): Play {
  const job = yield* judged(ground);
  yield* judge(ground, await openDrawn(ground, job), fate);
  yield* settleIfHeld(ground, job);
  await claimOne(ground);
}

/** Has the pool pay one of those to whom it owes. */
async function claimOne(ground: Ground): Promise<void> {
  for (const { address } of ground.random.shuffled([...ground.people.validators, ...ground.people.strangers])) {
    if ((await viewsOf(ground).creditOf(address)) > 0n) {
      await ground.court(ground.people.deployer, "claim", [address]);
      return;
    }
  }
}

/** What the court let go on is paid. */
async function* settleIfHeld(ground: Ground, job: Job): Play {
  yield seconds(ground, job.spec.challengeWindow);
  await ground.tries(ground.market(job.provider, "settle", [job.id, job.frozen]));
}

async function* challenged(ground: Ground): Play {
  const job = yield* judged(ground, SMALL_PRICE);
  const trial = await challenge(ground, job, ground.random.between(0, job.spec.items - 1));
  yield* judge(ground, trial, ground.random.pick([FATES.acquitted, FATES.convicted, FATES.undecidable]));
  yield* settleIfHeld(ground, job);
}

/** One case convicts while another is open, and a demand, too. */
async function* moot(ground: Ground): Play {
  const { random, people } = ground;
  const job = yield* judged(ground);
  const other = await challenge(ground, job, 0);
  yield* seat(ground, other);
  await ground.court(job.client, "demand", [job.spec, job.frozen, 0, 0]);
  yield* judge(ground, await openDrawn(ground, job), FATES.convicted);
  await ground.court(random.pick(people.strangers), "defaultDemand", [job.spec, job.frozen, job.id]);
  yield;
  await ground.court(random.pick(people.strangers), "close", [other.spec, other.frozen, other.key]);
}

/** A seat tells its word too early, and maybe takes stake again and sits in tier two. */
async function* denounced(ground: Ground): Play {
  const { random, people } = ground;
  const job = yield* judged(ground);
  const trial = await openDrawn(ground, job);
  if ((yield* seat(ground, trial)) === undefined) return;
  const number = (await viewsOf(ground).seatsOf(trial.caseId))[0] ?? 0;
  const said = await commit(ground, trial, 0, FATES.acquitted.first(random, 0));
  if (said === undefined) return;
  yield;
  await ground.court(random.pick(people.strangers), "denounce", [trial.caseId, 0n, said.word, said.salt]);
  if (random.chance(0.6)) await ground.court(await sitterOf(ground, number), "stakeSeat", [COURT.seatStake]);
  yield* judge(ground, trial, { ...FATES.noQuorum, second: random.pick([FATES.convicted, FATES.appealed]).second });
}

/** A demand of a seat of tier one. */
async function* demandedBySeat(ground: Ground): AsyncGenerator<Wait, { trial: Trial; job: Job } | undefined, void> {
  const job = yield* judged(ground);
  const trial = await openDrawn(ground, job);
  if ((yield* seat(ground, trial)) === undefined) return undefined;
  const number = (await viewsOf(ground).seatsOf(trial.caseId))[1] ?? 0;
  const sitter = await sitterOf(ground, number);
  await ground.court(sitter, "demandForCase", [job.spec, job.frozen, trial.key, 1n]);
  yield;
  return { trial, job };
}

async function* answeredSeat(ground: Ground): Play {
  const demanded = yield* demandedBySeat(ground);
  if (demanded === undefined) return;
  await answer(ground, demanded.job, demanded.trial.caseId);
  yield;
  yield* judge(ground, demanded.trial, FATES.acquitted);
  yield* settleIfHeld(ground, demanded.job);
}

async function* withheldFromSeat(ground: Ground): Play {
  const demanded = yield* demandedBySeat(ground);
  if (demanded === undefined) return;
  const { job, trial } = demanded;
  yield seconds(ground, COURT.answerWindow);
  await ground.court(ground.random.pick(ground.people.strangers), "defaultDemand", [
    job.spec,
    job.frozen,
    trial.caseId,
  ]);
}

async function* answeredClient(ground: Ground): Play {
  const job = yield* judged(ground, SMALL_PRICE);
  const item = ground.random.between(0, job.spec.items - 1);
  await ground.court(job.client, "demand", [job.spec, job.frozen, item, ground.random.between(0, 1)]);
  yield;
  await answer(ground, job, job.id);
  yield;
  yield* settleIfHeld(ground, job);
}

/** One who stakes little and has more of it unbonding: the second slash takes that, too. */
async function* withheldTwice(ground: Ground): Play {
  const { random, people } = ground;
  const first = yield* judged(ground, SMALL_PRICE);
  const second = yield* judged(ground, SMALL_PRICE);
  for (const { client, spec, frozen } of [first, second]) await ground.court(client, "demand", [spec, frozen, 0, 0]);
  const { stake } = await viewsOf(ground).accountOf(first.provider.address);
  await ground.tries(ground.market(first.provider, "requestUnstake", [stake - 25_000_000n]));
  yield seconds(ground, COURT.answerWindow);
  for (const { id, spec, frozen } of [first, second]) {
    await ground.court(random.pick(people.strangers), "defaultDemand", [spec, frozen, id]);
    yield;
  }
  await refill(ground);
}

/** A drawn case that nobody opens until the hash of its draw is gone: a later block draws, maybe not this job. */
async function* late(ground: Ground): Play {
  const job = yield* judged(ground, COURT.auditValue / 2n);
  const { random, people } = ground;
  await ground.mine(8_200);
  await ground.court(random.pick(people.strangers), "openDrawn", [job.spec, job.frozen]);
  const trial = trialOf(job);
  if ((yield* seat(ground, trial)) !== undefined) yield* judge(ground, trial, FATES.acquitted);
}

async function answer(ground: Ground, job: Job, key: `0x${string}`): Promise<void> {
  const { item, chunk } = await viewsOf(ground).demandOf(key);
  await ground.court(operatorOf(ground, job.provider), "answer", [
    job.spec,
    job.frozen,
    key,
    answerFor(job, item, chunk),
  ]);
}
