import { expect } from "chai";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { fulfil, ordered, quoted, take } from "./support/agreements.ts";
import { accepted, due, idOf, type Job, NOT_FROZEN, posted, ROOT, specOf } from "./support/jobs.ts";
import { openWorlds, usd, type World } from "./support/world.ts";

const newWorld = await openWorlds({ hasCourt: true });

/** Brings a job to a status. */
const WAYS: Readonly<Record<keyof typeof JobStatus, (world: World) => Promise<Job>>> = {
  None: async (world) => {
    const spec = await specOf(world);
    return { spec, id: await idOf(world, spec), frozen: NOT_FROZEN };
  },
  Open: (world) => posted(world),
  Accepted: (world) => accepted(world),
  Submitted: (world) => due(world),
  InCase: inCase,
  Settled: async (world) => {
    const job = await due(world);
    await world.market.settle(job.id, job.frozen);
    return job;
  },
  Refunded: async (world) => {
    const job = await accepted(world);
    await world.market.connect(world.provider).decline(job.spec, job.frozen);
    return job;
  },
  Rejected: async (world) => {
    const job = await inCase(world);
    await world.court.rejectJob(job.spec, job.frozen, Outcome.Withheld);
    return job;
  },
};

/** Every step of a job, by the right caller, and the statuses that it starts from. */
const STEPS: Readonly<
  Record<string, { from: readonly (keyof typeof JobStatus)[]; take: (world: World, job: Job) => Promise<unknown> }>
> = {
  post: { from: ["None"], take: ({ market, client }, { spec }) => market.connect(client).post(spec, "") },
  postAccepted: { from: ["None"], take: async (world, { spec }) => take(world, await quoted(world, spec)) },
  fulfil: { from: ["None"], take: async (world, { spec }) => fulfil(world, await ordered(world, spec)) },
  accept: {
    from: ["Open"],
    take: ({ market, provider }, { spec }) => market.connect(provider).accept(spec, provider),
  },
  cancel: { from: ["Open"], take: ({ market, client }, { spec }) => market.connect(client).cancel(spec) },
  expire: { from: ["Open", "Accepted"], take: ({ market }, { spec, frozen }) => market.expire(spec, frozen) },
  decline: {
    from: ["Accepted"],
    take: ({ market, provider }, { spec, frozen }) => market.connect(provider).decline(spec, asIfBy(provider, frozen)),
  },
  submit: {
    from: ["Accepted"],
    take: ({ market, provider }, { id, frozen }) => market.connect(provider).submit(id, asIfBy(provider, frozen), ROOT),
  },
  settle: { from: ["Submitted"], take: ({ market }, { id, frozen }) => market.settle(id, frozen) },
  lockJob: { from: ["Submitted"], take: ({ court }, { id, frozen }) => court.lockJob(id, frozen) },
  releaseJob: { from: ["InCase"], take: ({ court }, { id, frozen }) => court.releaseJob(id, frozen) },
  rejectJob: {
    from: ["InCase"],
    take: ({ court }, { spec, frozen }) => court.rejectJob(spec, frozen, Outcome.Rejected),
  },
};

for (const [name, bring] of Object.entries(WAYS)) {
  const status = JobStatus[name as keyof typeof JobStatus];

  describe(`A job that is ${name}`, () => {
    for (const [step, { from, take: attempt }] of Object.entries(STEPS)) {
      if (from.some((start) => start === name)) continue;

      it(`refuses ${step}`, async () => {
        const world = await newWorld();
        const job = await bring(world);
        // A reserve, so that an order fails for the job's status and nothing else.
        await world.market.connect(world.client).reserve(usd(100));

        await expect(attempt(world, job))
          .to.be.revertedWithCustomError(world.market, "JobWrongStatus")
          .withArgs(job.id, status);
      });
    }
  });
}

async function inCase(world: World): Promise<Job> {
  const job = await due(world);
  await world.court.lockJob(job.id, job.frozen);
  return job;
}

/** The frozen values with the caller as provider, so that the step fails for the job's status and nothing else. */
function asIfBy(provider: World["provider"], frozen: Job["frozen"]): Job["frozen"] {
  return { ...frozen, provider: provider.address };
}
