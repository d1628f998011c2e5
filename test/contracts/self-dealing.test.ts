import { expect } from "chai";
import { Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { type Books, movesOf } from "./support/books.ts";
import { pass } from "./support/clock.ts";
import { asSubmitted, freeze, HOUR, idOf, type Job, PRICE, ROOT, specOf } from "./support/jobs.ts";
import { openWorlds, usd, type World } from "./support/world.ts";

const newWorld = await openWorlds({ hasCourt: true });
/** Two hundredths of the price, rounded up. */
const FEE = 66_667n;

describe("A provider that is its own client", () => {
  it("pays the fee for every job that it settles", async () => {
    const world = await newWorld();

    const moves = await movesOf(world, async () => {
      const { id, frozen } = await deliver(world, await accept(world));
      await pass(world, HOUR);
      await world.market.settle(id, frozen);
    });

    expect(gainOf(moves)).to.equal(-FEE);
  });

  it("loses four fifths of what a late decline costs", async () => {
    const world = await newWorld();

    const moves = await movesOf(world, async () => {
      const { spec, frozen } = await accept(world);
      await pass(world, publicParameters.declineGrace);
      await world.market.connect(world.provider).decline(spec, frozen);
    });

    // A hundredth of the price, rounded up, less its fifth.
    expect(gainOf(moves)).to.equal(-(33_334n - 6_666n));
  });

  it("loses four fifths of what not showing up costs, so that no stake moves to an accomplice", async () => {
    const world = await newWorld();

    const moves = await movesOf(world, async () => {
      const { spec, frozen } = await accept(world);
      await pass(world, HOUR);
      await world.market.expire(spec, frozen);
    });

    // A twentieth of the price, rounded up, less its fifth.
    expect(gainOf(moves)).to.equal(-(166_667n - 33_333n));
  });

  it("loses at least half of a slash, however much of it is awarded to it", async () => {
    const world = await newWorld();
    const { court, provider } = world;

    const moves = await movesOf(world, async () => {
      const { spec, id, frozen } = await deliver(world, await accept(world));
      await court.lockJob(id, frozen);
      await court.rejectJob(spec, frozen, Outcome.Rejected);
      await court.slash(provider, usd(25), [{ recipient: provider.address, amount: usd(25) / 2n }]);
    });

    expect(gainOf(moves)).to.equal(-usd(25) / 2n);
  });

  it("uses up its own capacity: its own jobs are exposure too", async () => {
    const world = await newWorld();

    const moves = await movesOf(world, () => accept(world));

    expect(moves["provider.exposure"]).to.equal(PRICE);
  });
});

/** The provider's own job, accepted by itself. */
async function accept(world: World): Promise<Job> {
  const { market, provider } = world;
  const spec = await specOf(world, { client: provider.address });
  await market.connect(provider).post(spec, "");
  await market.connect(provider).accept(spec, provider);
  return { spec, id: await idOf(world, spec), frozen: freeze(spec, provider.address) };
}

/** The job with its result submitted. */
async function deliver(world: World, job: Job): Promise<Job> {
  await world.market.connect(world.provider).submit(job.id, job.frozen, ROOT);
  return asSubmitted(world, job);
}

/** What the provider has more than before: free, staked and unbonding. */
function gainOf(moves: Books): bigint {
  const parts = ["provider.balance", "provider.stake", "provider.unbonding"];
  return parts.reduce((gain, part) => gain + (moves[part] ?? 0n), 0n);
}
