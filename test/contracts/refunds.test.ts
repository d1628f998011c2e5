import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, setNextTime } from "./support/clock.ts";
import { accepted, idOf, NOT_FROZEN, PRICE, posted, specOf } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { openWorlds, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();

describe("Cancelling a job", () => {
  it("gives the price back to the client", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const { spec, id } = await posted(world);

    const moves = await movesOf(world, () => market.connect(client).cancel(spec));

    expect(moves).to.deep.equal({ escrow: -PRICE, "client.balance": PRICE });
    expect(membersOf(await market.jobOf(id))).to.deep.equal({
      status: BigInt(JobStatus.Refunded),
      since: await now(world),
      digest: `0x${"00".repeat(26)}`,
    });
  });

  it("tells what was refunded, with no provider and no penalty", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const { spec, id } = await posted(world);

    await expect(market.connect(client).cancel(spec))
      .to.emit(market, "JobRefunded")
      .withArgs(id, ZERO_ADDRESS, Outcome.Cancelled, PRICE, 0n);
  });

  it("is the client's alone", async () => {
    const world = await newWorld();
    const { market, client, stranger } = world;
    const { spec } = await posted(world);

    await expect(market.connect(stranger).cancel(spec))
      .to.be.revertedWithCustomError(market, "JobNotClient")
      .withArgs(client, stranger);
  });

  it("is too late once a provider has accepted", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const { spec, id } = await accepted(world);

    await expect(market.connect(client).cancel(spec))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Accepted);
  });

  it("is open as long as nobody accepted, also after the deadline to accept", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const { spec } = await posted(world);
    await setNextTime(world, spec.acceptBy + 1n);

    await expect(market.connect(client).cancel(spec)).to.emit(market, "JobRefunded");
  });

  it("needs a job that was posted", async () => {
    const world = await newWorld();
    const { market, client } = world;
    const spec = await specOf(world);

    await expect(market.connect(client).cancel(spec))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(await idOf(world, spec), JobStatus.None);
  });
});

describe("Expiring a job that nobody accepted", () => {
  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when} to accept`, async () => {
      const world = await newWorld();
      const { market } = world;
      const { spec, id } = await posted(world);

      await setNextTime(world, spec.acceptBy + offset);
      const expire = market.expire(spec, NOT_FROZEN);

      if (isAhead) {
        await expect(expire).to.be.revertedWithCustomError(market, "JobTooEarly").withArgs(id, spec.acceptBy);
      } else {
        await expect(expire).to.emit(market, "JobRefunded").withArgs(id, ZERO_ADDRESS, Outcome.NotAccepted, PRICE, 0n);
      }
    });
  }

  it("gives the price back to the client, whoever calls", async () => {
    const world = await newWorld();
    const { market, stranger } = world;
    const { spec } = await posted(world);
    await setNextTime(world, spec.acceptBy + 2n);
    await world.chain.networkHelpers.mine();

    const moves = await movesOf(world, () => market.connect(stranger).expire(spec, NOT_FROZEN));

    expect(moves).to.deep.equal({ escrow: -PRICE, "client.balance": PRICE });
  });
});

describe("At the deadline to accept", () => {
  for (const { offset, when } of AROUND_DEADLINE) {
    it(`exactly one of accept and expire is open ${when}`, async () => {
      const open: string[] = [];
      for (const action of ["accept", "expire"] as const) {
        const world = await newWorld();
        const { market, provider } = world;
        const { spec } = await posted(world);
        await setNextTime(world, spec.acceptBy + offset);
        const attempt =
          action === "accept"
            ? market.connect(provider).accept(spec, provider)
            : market.connect(provider).expire(spec, NOT_FROZEN);
        await attempt.then(
          () => open.push(action),
          () => undefined,
        );
      }

      expect(open).to.deep.equal([offset < 0n ? "accept" : "expire"]);
    });
  }
});

describe("A refund", () => {
  it("names the job's own client even where another posted a job like it", async () => {
    const world = await newWorld();
    const { market, client, stranger } = world;
    const { spec } = await posted(world);
    await market.connect(stranger).deposit(stranger, PRICE);
    const twin = await specOf(world, { client: stranger.address, salt: hashText("twin") });
    await market.connect(stranger).post(twin, "");

    const moves = await movesOf(world, () => market.connect(client).cancel(spec));

    expect(moves).to.deep.equal({ escrow: -PRICE, "client.balance": PRICE });
  });
});
