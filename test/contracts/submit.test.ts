import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, setNextTime } from "./support/clock.ts";
import { accepted, asSubmitted, type Frozen, HOUR, ROOT, sinceOf, submitted } from "./support/jobs.ts";
import { openWorlds, ZERO_HASH } from "./support/world.ts";

const newWorld = await openWorlds();

/** Every way in which what is frozen can be told wrong, but the provider, who would have to be the caller. */
const WRONG: readonly { member: keyof Frozen; change: Partial<Frozen> }[] = [
  { member: "price", change: { price: 1n } },
  { member: "submitWithin", change: { submitWithin: HOUR * 24n } },
  { member: "challengeWindow", change: { challengeWindow: 1n } },
  { member: "verified", change: { verified: true } },
  { member: "submitBlock", change: { submitBlock: 1n } },
  { member: "resultRoot", change: { resultRoot: ROOT } },
];

describe("Submitting a result", () => {
  it("stores its root among what is frozen and moves no money", async () => {
    const world = await newWorld();
    const { market, provider, chain } = world;
    const job = await accepted(world);

    const moves = await movesOf(world, () => market.connect(provider).submit(job.id, job.frozen, ROOT));

    expect(moves).to.deep.equal({});
    const { frozen } = await asSubmitted(world, job);
    const harness = await chain.ethers.deployContract("ProtocolHarness");
    const stored = await market.jobOf(job.id);
    expect(stored.status).to.equal(JobStatus.Submitted);
    expect(stored.digest).to.equal(await harness.frozenDigest(frozen));
  });

  it("tells the root", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { id, frozen } = await accepted(world);
    const timestamp = (await now(world)) + 10n;
    await setNextTime(world, timestamp);

    await expect(market.connect(provider).submit(id, frozen, ROOT))
      .to.emit(market, "JobSubmitted")
      .withArgs(id, provider, ROOT);
    expect(await sinceOf(world, id)).to.equal(timestamp);
  });

  it("may be done by an operator key", async () => {
    const world = await newWorld();
    const { market, provider, operator } = world;
    const { id, frozen } = await accepted(world);

    await expect(market.connect(operator).submit(id, frozen, ROOT))
      .to.emit(market, "JobSubmitted")
      .withArgs(id, provider, ROOT);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when}`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const { id, frozen } = await accepted(world);
      const deadline = (await sinceOf(world, id)) + frozen.submitWithin;

      await setNextTime(world, deadline + offset);
      const submit = market.connect(provider).submit(id, frozen, ROOT);

      if (isAhead) {
        await expect(submit).to.emit(market, "JobSubmitted").withArgs(id, provider, ROOT);
      } else {
        await expect(submit).to.be.revertedWithCustomError(market, "JobTooLate").withArgs(id, deadline);
      }
    });
  }

  it("takes no root of zero for a result", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { id, frozen } = await accepted(world);

    await expect(market.connect(provider).submit(id, frozen, ZERO_HASH)).to.be.revertedWithCustomError(
      market,
      "JobZeroRoot",
    );
  });

  for (const { member, change } of WRONG) {
    it(`is refused with another ${member} than was frozen`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const { id, frozen } = await accepted(world);

      await expect(market.connect(provider).submit(id, { ...frozen, ...change }, ROOT))
        .to.be.revertedWithCustomError(market, "JobWrongFrozen")
        .withArgs(id);
    });
  }

  it("is refused by a provider that did not accept, whatever it says was frozen", async () => {
    const world = await newWorld();
    const { market, rival } = world;
    const { id, frozen } = await accepted(world);

    await expect(market.connect(rival).submit(id, { ...frozen, provider: rival.address }, ROOT))
      .to.be.revertedWithCustomError(market, "JobWrongFrozen")
      .withArgs(id);
  });

  it("is refused with the frozen values of another job", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { frozen } = await accepted(world);
    const { id } = await accepted(world, { salt: hashText("other"), price: 7n });

    await expect(market.connect(provider).submit(id, frozen, ROOT))
      .to.be.revertedWithCustomError(market, "JobWrongFrozen")
      .withArgs(id);
  });

  it("happens once: a result cannot be replaced", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { id, frozen } = await submitted(world);

    await expect(market.connect(provider).submit(id, frozen, hashText("better")))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Submitted);
  });
});
