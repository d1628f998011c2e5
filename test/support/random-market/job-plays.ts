import { SEALED } from "../../../client-sdk/src/protocol/generated/constants.ts";
import { type Ground, usd } from "./ground.ts";
import { accept, fulfil, type Job, newJob, post, postQuoted, SMALL_PRICE, submit } from "./jobs.ts";
import { COURT, MARKET, UNJUDGED } from "./market.ts";
import { type Play, type Playwright, seconds, type Wait } from "./play-types.ts";

/** Jobs that end without a case, in every way that there is. */
export const JOB_PLAYS: Readonly<Record<string, Playwright>> = {
  cancelled,
  notAccepted,
  declined: (ground) => declines(ground, false),
  declinedLate: (ground) => declines(ground, true),
  noShow,
  settled,
  settledOpen,
  completed,
  sealed,
  quoted,
  ordered,
  manySettled,
};

function unjudged({ random }: Ground) {
  return { model: random.pick(UNJUDGED) };
}

async function* cancelled(ground: Ground): Play {
  const job = await post(ground, newJob(ground, unjudged(ground), ground.random.chance(0.5)));
  yield;
  await ground.market(job.client, "cancel", [job.spec]);
}

async function* notAccepted(ground: Ground): Play {
  const job = await post(ground, newJob(ground, unjudged(ground), ground.random.chance(0.5)));
  yield { time: BigInt(job.spec.acceptBy) };
  await ground.market(ground.random.pick(ground.people.strangers), "expire", [job.spec, job.frozen]);
}

async function* declines(ground: Ground, isLate: boolean): Play {
  const posted = await post(ground, newJob(ground, unjudged(ground)));
  yield;
  const job = await accept(ground, posted);
  yield isLate ? seconds(ground, MARKET.declineGrace + 60) : undefined;
  await ground.market(job.provider, "decline", [job.spec, job.frozen]);
}

async function* noShow(ground: Ground): Play {
  const posted = await post(ground, newJob(ground));
  yield;
  const job = await accept(ground, posted);
  yield seconds(ground, job.spec.submitWithin);
  await ground.market(ground.random.pick(ground.people.strangers), "expire", [job.spec, job.frozen]);
}

async function* settle(ground: Ground, job: Job): Play {
  if (ground.random.chance(0.3)) await ground.tries(ground.market(job.provider, "settle", [job.id, job.frozen]));
  yield* due(ground, job);
  await ground.market(ground.random.pick([job.provider, job.client]), "settle", [job.id, job.frozen]);
}

/** Until a job that was submitted just now may be settled. */
export function* due(ground: Ground, job: Job): Generator<Wait, void, void> {
  if (job.frozen.verified) yield { block: job.frozen.submitBlock + BigInt(COURT.drawDelay) + 1n };
  yield seconds(ground, job.spec.challengeWindow);
}

async function* delivered(ground: Ground, posted: Job): AsyncGenerator<Wait, Job, void> {
  yield;
  const accepted = await accept(ground, posted);
  yield;
  return await submit(ground, accepted);
}

async function* settled(ground: Ground): Play {
  const job = yield* delivered(ground, await post(ground, newJob(ground, unjudged(ground))));
  yield* settle(ground, job);
}

async function* settledOpen(ground: Ground): Play {
  const job = yield* delivered(ground, await post(ground, newJob(ground, unjudged(ground), true)));
  yield* settle(ground, job);
}

/** Of the judged model, too cheap to be drawn. */
async function* completed(ground: Ground): Play {
  const job = yield* delivered(ground, await post(ground, newJob(ground, { price: SMALL_PRICE })));
  yield* settle(ground, job);
}

async function* sealed(ground: Ground): Play {
  const job = yield* delivered(ground, await post(ground, newJob(ground, { flags: SEALED })));
  yield* settle(ground, job);
}

async function* quoted(ground: Ground): Play {
  const accepted = await postQuoted(ground, newJob(ground, unjudged(ground)));
  yield;
  const job = await submit(ground, accepted);
  yield* settle(ground, job);
}

/** An order that the client signed, against a reserve of which part may be leaving. */
async function* ordered(ground: Ground): Play {
  const wanted = newJob(ground, unjudged(ground));
  await ground.market(wanted.client, "reserve", [wanted.spec.price + ground.random.amount(0n, usd(3))]);
  yield;
  if (ground.random.chance(0.7)) await ground.market(wanted.client, "requestRelease", [wanted.spec.price]);
  yield;
  const job = await fulfil(ground, wanted);
  yield* settle(ground, job);
}

/** Several jobs of one client at once, one of them twice; settled at once, with entries that cannot be. */
async function* manySettled(ground: Ground): Play {
  const { random, people } = ground;
  const client = random.pick(people.clients);
  const jobs = Array.from({ length: 3 }, () => {
    return {
      ...newJob(ground, { ...unjudged(ground), client: client.address, price: random.amount(1n, usd(1)) }),
      client,
    };
  });
  const specs = jobs.map(({ spec }) => spec);
  await ground.market(client, "postMany", [
    [...specs, ...specs.slice(0, 1)],
    ["", "", "https://inputs.example/3", ""],
  ]);
  const submitted: Job[] = [];
  for (const job of jobs.slice(0, 2)) submitted.push(yield* delivered(ground, job));
  const records = [...submitted, ...jobs.slice(2)].map(({ id, frozen }) => ({ id, frozen }));
  yield;
  await ground.market(random.pick(people.strangers), "settleMany", [records]);
  yield seconds(ground, Math.max(...specs.map(({ challengeWindow }) => challengeWindow)));
  await ground.market(random.pick(people.strangers), "settleMany", [records]);
}
