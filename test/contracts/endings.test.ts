import { expect } from "chai";
import { id as hashText } from "ethers";
import { Draw, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { type Books, booksOf, movesOf } from "./support/books.ts";
import { pass } from "./support/clock.ts";
import { accepted, due, HOUR, type Job, MODEL, NOT_FROZEN, PRICE, posted, type Spec } from "./support/jobs.ts";
import { openWorlds, usd, type World } from "./support/world.ts";

const openWorld = await openWorlds({ hasCourt: true });

/** A way for a job to end: how it comes to the last step, and the last step. */
interface Ending {
  readonly prepare: (world: World, changes?: Partial<Spec>) => Promise<Job>;
  readonly end: (world: World, job: Job) => Promise<unknown>;
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  "paid and unverified": {
    prepare: (world, changes) => due(world, { ...changes, model: hashText("other model") }),
    end: ({ market }, { id, frozen }) => market.settle(id, frozen),
  },
  "paid and completed": { prepare: due, end: ({ market }, { id, frozen }) => market.settle(id, frozen) },
  cancelled: { prepare: posted, end: ({ market, client }, { spec }) => market.connect(client).cancel(spec) },
  "not accepted": {
    prepare: async (world, changes) => {
      const job = await posted(world, changes);
      await pass(world, HOUR);
      return job;
    },
    end: ({ market }, { spec }) => market.expire(spec, NOT_FROZEN),
  },
  "declined at once": { prepare: accepted, end: decline },
  "declined late": {
    prepare: async (world, changes) => {
      const job = await accepted(world, changes);
      await pass(world, publicParameters.declineGrace);
      return job;
    },
    end: decline,
  },
  "a no-show": {
    prepare: async (world, changes) => {
      const job = await accepted(world, changes);
      await pass(world, HOUR);
      return job;
    },
    end: ({ market }, { spec, frozen }) => market.expire(spec, frozen),
  },
  withheld: { prepare: locked, end: reject(Outcome.Withheld) },
  rejected: { prepare: locked, end: reject(Outcome.Rejected) },
  undecidable: { prepare: locked, end: reject(Outcome.Undecidable) },
};

describe("A job's ending", () => {
  for (const [name, { prepare, end }] of Object.entries(ENDINGS)) {
    it(`${name} pays out its escrow once and whole, and creates no money`, async () => {
      const world = await newWorld();
      const job = await prepare(world);
      const { exposure } = await world.market.accountOf(world.provider);

      const moves = await movesOf(world, () => end(world, job));

      expect(moves.escrow).to.equal(-PRICE);
      expect(moves.tokens).to.equal(undefined);
      expect(sumOf(moves)).to.equal(0n);
      expect(moves["provider.exposure"] ?? 0n).to.equal(-exposure);
    });

    it(`${name} is final: the same step is refused afterwards`, async () => {
      const world = await newWorld();
      const job = await prepare(world);
      await end(world, job);

      const moves = await movesOf(world, async () => {
        await expect(end(world, job)).to.be.revertedWithCustomError(world.market, "JobWrongStatus");
      });

      expect(moves).to.deep.equal({});
    });
  }
});

describe("When all jobs have ended", () => {
  it("everyone can leave, and the market is left with the pool and what burned, to the unit", async () => {
    const world = await newWorld();
    const { market, court, token, client, provider, rival } = world;
    await market.connect(client).reserve(usd(50));
    for (const [name, { prepare, end }] of Object.entries(ENDINGS)) {
      await end(world, await prepare(world, { salt: hashText(name), price: usd(1) + 1n }));
    }
    await court.slash(provider, usd(5) + 1n, [{ recipient: client.address, amount: usd(2) }]);
    await market.collectFees([provider, rival]);

    for (const staker of [provider, rival]) {
      const { stake } = await market.accountOf(staker);
      await market.connect(staker).requestUnstake(stake);
    }
    await market.connect(client).requestRelease(usd(50));
    await pass(world, publicParameters.unbondingPeriod);
    await market.release(client);
    for (const staker of [provider, rival]) await market.withdrawStake(staker);
    for (const person of [client, provider, rival]) {
      const { balance } = await market.accountOf(person);
      await market.connect(person).withdraw(person, balance);
    }

    const { pool, tokens, escrow, "burned.balance": burned, ...rest } = await booksOf(world);
    expect(escrow).to.equal(0n);
    expect(await token.balanceOf(market)).to.equal(pool + burned);
    expect(tokens).to.equal(pool + burned);
    // Two jobs were paid, each with a fee of two hundredths, rounded up; four fifths of what a decline and a no-show cost.
    const penalties = [10_001n, 50_001n].map((penalty) => penalty - penalty / 5n);
    expect([pool, burned]).to.deep.equal([40_002n + penalties[0] + penalties[1], usd(3) + 1n]);
    expect(Object.values(rest).every((amount) => amount === 0n)).to.equal(true);
  });
});

/** A world whose court says that the model is verified and draws no job. */
async function newWorld(): Promise<World> {
  const world = await openWorld();
  await world.court.setVerified(MODEL, true);
  await world.court.setAnswer(Draw.NotDrawn);
  return world;
}

async function locked(world: World, changes?: Partial<Spec>): Promise<Job> {
  const job = await due(world, changes);
  await world.court.lockJob(job.id, job.frozen);
  return job;
}

function decline({ market, provider }: World, { spec, frozen }: Job) {
  return market.connect(provider).decline(spec, frozen);
}

function reject(outcome: Outcome) {
  return ({ court }: World, { spec, frozen }: Job) => court.rejectJob(spec, frozen, outcome);
}

/** What the moves of money add up to. Exposure is none, and tokens are where the rest is. */
function sumOf(moves: Books): bigint {
  const money = Object.entries(moves).filter(([name]) => name !== "tokens" && !name.endsWith(".exposure"));
  return money.reduce((sum, [, amount]) => sum + amount, 0n);
}
